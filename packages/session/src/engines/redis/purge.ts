import { inChunks } from './in-chunks.ts';
import type { EndSession } from './end-session.ts';
import type { RedisContext } from './redis-context.ts';

/** Entries that are taken out at once. */
const MAX_BATCH = 1000;

/** Removes what is over. Taken out of the index first, each goes to one caller; one that was renewed comes back. */
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
    // Somebody has signed in from it: it did not expire for anyone.
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
