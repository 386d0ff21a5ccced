import { inChunks } from './in-chunks.ts';
import type { EndSession } from './end-session.ts';
import type { RedisContext } from './redis-context.ts';

/** Maximum entries per call. */
const MAX_BATCH = 1000;

/**
 * Removes expired sessions. Each is first removed from the index, so that one caller gets it; a session that was
 * renewed is added again.
 */
export function createPurge({ indexes, now, reindex, reindexClaimed, onExpired }: RedisContext, { endOne }: EndSession) {
  return async (batch: number): Promise<number> => {
    const { expired, claimed } = await indexes.takeExpired(now(), Math.min(batch, MAX_BATCH));
    const at = new Date(now());

    const removed = await inChunks(expired, async ({ handle, userId }) => {
      const outcome = await endOne(handle, { mode: 'dead', userId });
      if (outcome.status === 'live') await reindex({ handle, userId }, outcome.expiresAtMs);
      if (outcome.status === 'claimed') await reindexClaimed(handle, outcome.expiresAtMs);
      return outcome.status === 'live' || outcome.status === 'claimed' ? [] : [{ handle, userId, at }];
    });
    // A claimed session was replaced by a sign-in, so its expiry is not reported.
    const replaced = await inChunks(claimed, async (handle) => {
      const outcome = await endOne(handle, { mode: 'dead' });
      if (outcome.status === 'claimed') await reindexClaimed(handle, outcome.expiresAtMs);
      return outcome.status === 'claimed' ? [] : [handle];
    });

    const gone = removed.flat();
    if (gone.length > 0) await onExpired?.({ sessions: gone.filter(({ userId }) => userId !== ''), removed: gone.length });
    return gone.length + replaced.flat().length;
  };
}
