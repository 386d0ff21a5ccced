import { redisScript } from './redis-script.ts';

/** For `@gatehouse/limits`, which shares this connection's scripts. */
export const LIMIT_SCRIPTS = {
  /**
   * KEYS: a value. ARGV: the index of all, what lies there (empty: nothing), what is to lie there, now, when that is forgotten. 0:
   * something else lies there. Times are the application's; Redis' own clock only decides when memory is freed.
   */
  swapLimit: redisScript(`
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[2] then return 0 end
redis.call('ZREMRANGEBYSCORE', ARGV[1], '-inf', ARGV[4])
if ARGV[3] == '' then
  redis.call('DEL', KEYS[1])
  redis.call('ZREM', ARGV[1], KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[3], 'PX', math.max(1, ARGV[5] - ARGV[4]))
  redis.call('ZADD', ARGV[1], ARGV[5], KEYS[1])
end
return 1`),

  /** KEYS: the index. ARGV: how many at most. */
  removeLimits: redisScript(`
local keys = redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1)
for _, key in ipairs(keys) do
  redis.call('DEL', key)
  redis.call('ZREM', KEYS[1], key)
end
return #keys`),
};
