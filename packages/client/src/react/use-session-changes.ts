import { useEffect } from 'react';
import { watchSession } from '../session-changes.ts';
import { useGatehouse } from './gatehouse-context.ts';
import { useMe } from './use-me.ts';

/**
 * Keeps the page in step with the server while it is open: `onSignedOut` as soon as the session ends anywhere, `useMe` as soon as the
 * user's name or role changes, and lists of sessions. Use it once, in the layout of the signed-in pages. It is never activity. All tabs of
 * a browser share one stream.
 */
export function useSessionChanges(): void {
  const { trpcClient, onSessionChange } = useGatehouse();
  const { data: me } = useMe();
  const userId = me?.user.id;
  // A new session of the same user needs a new stream.
  const handle = me?.session.handle;
  useEffect(() => {
    if (userId === undefined || handle === undefined) return;
    return watchSession({ client: trpcClient, userId, onEvent: onSessionChange });
  }, [trpcClient, onSessionChange, userId, handle]);
}
