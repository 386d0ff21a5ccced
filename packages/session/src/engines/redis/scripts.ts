import { redisScript } from './redis-script.ts';

/** On one key each. */
export const SCRIPTS = {
  /** KEYS: a mark. ARGV: now. On a full server as well: what frees memory comes first. */
  refuseAdoption: redisScript(`redis.call('DEL', KEYS[1]) return redis.call('SET', KEYS[1], ARGV[1])`),

  /** KEYS: one that nobody uses. A write, for replicas to acknowledge. */
  writeNothing: redisScript(`redis.call('SET', KEYS[1], '') redis.call('DEL', KEYS[1])`),

  /** KEYS: the key of the shard tags. ARGV: the one to store if there is none. The one that is there. */
  keepShardKey: redisScript(`redis.call('SET', KEYS[1], ARGV[1], 'NX') return redis.call('GET', KEYS[1])`),

  /** KEYS: the lease. ARGV: owner, now, for how long. The application's clock decides here as well. */
  holdLease: redisScript(`
local untilAndOwner = redis.call('GET', KEYS[1]) or '0 '
local ends, owner = string.match(untilAndOwner, '^(%d+) (.*)$')
local now = tonumber(ARGV[2])
if owner ~= ARGV[1] and ends and tonumber(ends) > now then return 0 end
if tonumber(ARGV[3]) <= 0 then redis.call('DEL', KEYS[1]) return 1 end
redis.call('SET', KEYS[1], string.format('%.0f ', now + tonumber(ARGV[3])) .. ARGV[1], 'PX', ARGV[3])
return 1`),
};
