import { indexName } from '../redis/indexes.ts';
import type { RedisEngineOptions } from '../redis/redis-context.ts';
import { createCacheFence } from './cache-fence.ts';
import { createNearCache } from './near-cache.ts';

/** The near cache of this process, if it has one, and commands that wait for those of all processes. */
export function createCaching({ redis, replicated, nearCache, prefix, lifetimes, users, now = Date.now }: RedisEngineOptions) {
  const index = indexName(prefix);
  const cache =
    nearCache && createNearCache({ ...nearCache, prefix, index, lifetimes, now, maxAgeMs: users.maxAgeMs, leave: redis.leaveCaches });
  return { fenced: createCacheFence({ redis, replicated, index, own: cache }), cache };
}
