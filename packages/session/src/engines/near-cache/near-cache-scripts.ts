import { redisScript, type RedisScript } from '../redis/redis-script.ts';

/**
 * A script that changes sessions or users, after `SLOT`. Returns its reply together with the processes that have a near
 * cache, in one step: `createCacheFence` waits for them. On a cluster there are none.
 */
export const invalidatingScript = (source: string): RedisScript =>
  redisScript(`
local function change()
${source}
end
local reply = change()
return { reply, ARGV[1] ~= '' and redis.call('ZRANGE', ARGV[1] .. ':caches', 0, -1) or {} }`);

/**
 * KEYS of all: the processes that have a near cache, by the number of the last fence that they reached; the number of
 * the last fence. Deletes come first, because a full server then allows the writes that follow.
 */
export const NEAR_CACHE_SCRIPTS = {
  /** Returns the number of a new fence, which is higher than any that was reached. */
  raiseFence: redisScript(`
redis.call('ZREM', KEYS[1], '')
local top = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')[2] or '0'
local fence = string.format('%.0f', math.max(redis.call('GET', KEYS[2]) or 0, top) + 1)
redis.call('SET', KEYS[2], fence)
return fence`),

  /**
   * ARGV: process. It has reached the last fence once it has received this reply. The read makes Redis notify it of the
   * next fence; the write is refused by a server that is no longer the master.
   */
  renewCache: redisScript(`
redis.call('ZREM', KEYS[1], '')
redis.call('ZADD', KEYS[1], redis.call('GET', KEYS[2]) or '0', ARGV[1])
return 1`),

  /** ARGV: process. */
  leaveCaches: redisScript(`return redis.call('ZREM', KEYS[1], ARGV[1])`),

  /** ARGV: fence, processes. Removes those that have not reached it. */
  removeCaches: redisScript(`
for i = 2, #ARGV do
  local reached = redis.call('ZSCORE', KEYS[1], ARGV[i])
  if reached and tonumber(reached) < tonumber(ARGV[1]) then redis.call('ZREM', KEYS[1], ARGV[i]) end
end
return 1`),
};

/** The keys of these scripts. `index`: name of the indexes, as in `ARGV[1]` of scripts on a slot. */
export const cacheKeys = (index: string): [caches: string, fence: string] => [`${index}:caches`, `${index}:fence`];
