import { redisScript } from './redis-script.ts';

/** Scripts on a single key. */
export const SCRIPTS = {
  /** KEYS: a mark. ARGV: now. A delete comes first, because a full server then allows writes too. */
  refuseAdoption: redisScript(`redis.call('DEL', KEYS[1]) return redis.call('SET', KEYS[1], ARGV[1])`),

  /** KEYS: an unused key. A write for replicas to acknowledge. */
  writeNothing: redisScript(`redis.call('SET', KEYS[1], '') redis.call('DEL', KEYS[1])`),

  /** KEYS: the key of the shard tags. ARGV: the value to store if there is none. Returns the stored value. */
  keepShardKey: redisScript(`redis.call('SET', KEYS[1], ARGV[1], 'NX') return redis.call('GET', KEYS[1])`),

  /** KEYS: the lease. ARGV: owner, now, duration. Uses the application's clock. */
  holdLease: redisScript(`
local untilAndOwner = redis.call('GET', KEYS[1]) or '0 '
local ends, owner = string.match(untilAndOwner, '^(%d+) (.*)$')
local now = tonumber(ARGV[2])
if owner ~= ARGV[1] and ends and tonumber(ends) > now then return 0 end
if tonumber(ARGV[3]) <= 0 then redis.call('DEL', KEYS[1]) return 1 end
redis.call('SET', KEYS[1], string.format('%.0f ', now + tonumber(ARGV[3])) .. ARGV[1], 'PX', ARGV[3])
return 1`),
};
