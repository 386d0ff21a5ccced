import { refuse } from '@gatehouse/api';
import type { SessionChange, SessionView } from '@gatehouse/contract';
import type { LiveEvent, SessionFeed } from '@gatehouse/session/live';

/**
 * The changes of a session as an iterable, until it ends or the signal is aborted. A client that reads slowly gets each kind of change
 * once, however often it happened meanwhile.
 */
export async function* sessionChanges(
  feed: SessionFeed,
  { handle, expires }: Pick<SessionView, 'handle' | 'expires'>,
  signal: AbortSignal | undefined,
): AsyncGenerator<SessionChange> {
  const waiting = new Map<LiveEvent['kind'], LiveEvent>();
  let wake = (): void => undefined;
  const release = feed.watch(
    handle,
    (event) => {
      waiting.set(event.kind, event);
      wake();
    },
    expires.getTime(),
  );
  const onAbort = (): void => wake();
  signal?.addEventListener('abort', onAbort);
  try {
    while (signal?.aborted !== true) {
      const [event] = waiting.values();
      if (event) {
        waiting.delete(event.kind);
        if (event.kind !== 'ended') yield { kind: event.kind };
        else if (event.reason === 'unavailable') throw refuse('STORAGE_UNAVAILABLE');
        else return yield { kind: 'ended', reason: event.reason };
      } else {
        // oxlint-disable-next-line no-await-in-loop -- until something happens
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    release();
  }
}
