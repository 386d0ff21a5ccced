import { redisScript } from './redis-script.ts';

/** Scripts on the indexes over all users (indexes.ts), which are in one slot. All except the first are for clusters. */
export const INDEX_SCRIPTS = {
  /**
   * KEYS: all by expiry, claimed by expiry, users by the expiry of their last session. ARGV: now, maximum number.
   * Removes expired entries; each is returned to one caller. Returns `handle user` entries and handles of claimed
   * sessions.
   */
  takeExpired: redisScript(`
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', ARGV[1])
local expired = redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[2])
if #expired > 0 then redis.call('ZREM', KEYS[1], unpack(expired)) end
local rest, claimed = ARGV[2] - #expired, {}
if rest > 0 then claimed = redis.call('ZRANGE', KEYS[2], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, rest) end
if #claimed > 0 then redis.call('ZREM', KEYS[2], unpack(claimed)) end
return { expired, claimed }`),

  /** KEYS: all by expiry, all by handle, the user's, users. ARGV: handle, user, expires. */
  indexSession: redisScript(`
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1] .. ' ' .. ARGV[2])
redis.call('ZADD', KEYS[2], 0, ARGV[1] .. ' ' .. ARGV[2])
if ARGV[2] ~= '' then
  redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
  redis.call('ZADD', KEYS[4], redis.call('ZRANGE', KEYS[3], -1, -1, 'WITHSCORES')[2], ARGV[2])
end
return 1`),

  /** KEYS: all by expiry, all by handle, the user's, users, claimed. ARGV: user, handles. */
  unindexSessions: redisScript(`
local members = {}
for i = 2, #ARGV do members[i - 1] = ARGV[i] .. ' ' .. ARGV[1] end
redis.call('ZREM', KEYS[1], unpack(members))
redis.call('ZREM', KEYS[2], unpack(members))
redis.call('ZREM', KEYS[5], unpack(ARGV, 2))
if ARGV[1] ~= '' then
  redis.call('ZREM', KEYS[3], unpack(ARGV, 2))
  local last = redis.call('ZRANGE', KEYS[3], -1, -1, 'WITHSCORES')[2]
  if last then redis.call('ZADD', KEYS[4], last, ARGV[1]) else redis.call('ZREM', KEYS[4], ARGV[1]) end
end
return 1`),

  /** KEYS: claimed by expiry. ARGV: handle, expires. */
  indexClaimed: redisScript(`return redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])`),
};
