import { redisScript } from './redis-script.ts';

/** Scripts of `@gatehouse/limits`, which uses this connection. */
export const LIMIT_SCRIPTS = {
  /**
   * KEYS: a value. ARGV: the index of all values, expected value (empty: none), new value, now, expiry. Returns 0 if
   * the current value is another one. Times come from the application's clock; Redis' own clock only decides when
   * memory is freed.
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

  /** KEYS: the index. ARGV: maximum number to remove. */
  removeLimits: redisScript(`
local keys = redis.call('ZRANGE', KEYS[1], 0, ARGV[1] - 1)
for _, key in ipairs(keys) do
  redis.call('DEL', key)
  redis.call('ZREM', KEYS[1], key)
end
return #keys`),
};
