import { redisScript } from '../redis/redis-script.ts';

export const CACHE_SCRIPTS = {
  /**
   * KEYS: the copy. ARGV: generation's, accounts' and era's names, those of the user's copies and bar, the three as they were seen, the
   * copy, its age in ms, the session key. 0: something was forgotten meanwhile, or is about to be.
   */
  keepCopy: redisScript(`
for i = 1, 3 do if (redis.call('GET', ARGV[i]) or '0') ~= ARGV[5 + i] then return 0 end end
if redis.call('EXISTS', ARGV[5]) == 1 then return 0 end
redis.call('SET', KEYS[1], ARGV[9], 'PX', ARGV[10])
redis.call('SADD', ARGV[4], ARGV[11])
redis.call('PEXPIRE', ARGV[4], math.max(tonumber(ARGV[10]), redis.call('PTTL', ARGV[4])))
return 1`),

  /** KEYS: the copy. ARGV: its generation's name, kept for longer than any reader takes. */
  forgetCopy: redisScript(`
redis.call('INCR', ARGV[1])
redis.call('PEXPIRE', ARGV[1], 60000)
return redis.call('DEL', KEYS[1])`),

  /** KEYS: the user's set of copies. ARGV: accounts' name, and what the names of copies and generations begin with. */
  forgetCopies: redisScript(`
redis.call('INCR', ARGV[1])
for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do redis.call('DEL', ARGV[2] .. key) end
return redis.call('DEL', KEYS[1])`),

  /** KEYS: the era. */
  forgetEra: redisScript(`return redis.call('INCR', KEYS[1])`),
};
