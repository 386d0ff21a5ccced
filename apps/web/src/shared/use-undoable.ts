import { useEffect, useState, useSyncExternalStore } from 'react';
import { createUndoQueue, type UndoQueue } from './undo-queue.ts';

/**
 * Actions that can be undone for five seconds before anything is sent:
 *
 *     const undoable = useUndoable();
 *     undoable.add(session.handle, () => revoke.mutate({ handle: session.handle }));
 *     const endsAtMs = undoable.waiting().get(session.handle);
 *
 * While an action waits, show its row in place (`rowTone` 'pending') with an `UndoButton`: if the row disappeared at once, the second click
 * of a double-click would hit the next row.
 *
 * Leaving the page sends what is waiting: the user asked for it, and an unknown session that stays alive is worse than one that ended five
 * seconds early. Give the mutation `trpc: { context: { unbatched: true } }`, so that the request is made before the page is gone.
 */
export function useUndoable(): UndoQueue {
  const [queue] = useState(createUndoQueue);
  useSyncExternalStore(queue.subscribe, queue.waiting);
  useEffect(() => {
    const sendAll = () => queue.sendNow();
    window.addEventListener('pagehide', sendAll);
    return () => {
      window.removeEventListener('pagehide', sendAll);
      // Another page of the app.
      sendAll();
    };
  }, [queue]);
  return queue;
}
