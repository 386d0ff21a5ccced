import { redisScript } from './redis-script.ts';
import { SLOT } from './slot-lua.ts';

/** Scripts that copy sessions from another storage, and to one: see copy/redis-copy-storage.ts. */
export const COPY_SCRIPTS = {
  /** KEYS: a record. ARGV: names of fields. Returns their values. */
  readRecord: redisScript(`
local values = redis.pcall('HMGET', KEYS[1], unpack(ARGV))
return values.err and {} or values`),

  /**
   * After `SLOT`. ARGV: time to live, user (empty: anonymous), expires, last activity; the version, last activity and secret hash of the
   * record to replace (all empty: there must be none; version '*': none, or a claimed one), successor (empty: it is live), when that claimed
   * it, then the fields. Returns 'stored', 'changed', or 'foreign'.
   */
  copySession: redisScript(`${SLOT}
local user, successor = ARGV[7], ARGV[13]
local m = fields('v', 'a', 's', 'to', 'u')
local exists = redis.call('EXISTS', KEYS[1]) == 1
if ARGV[10] == '*' then
  if exists and (m[4] or '') == '' then return 'changed' end
elseif ARGV[10] == '' then
  if exists then return 'changed' end
elseif m[1] ~= ARGV[10] or m[2] ~= ARGV[11] or m[3] ~= ARGV[12] or (successor == '' and (m[4] or '') ~= '') then
  return 'changed'
end
local floor, pv = '0', '0'
if user ~= '' and successor == '' then
  local k = redis.call('HMGET', KEYS[2], 'id', 'fl', 'pv')
  if k[1] and k[1] ~= user then return 'foreign' end
  floor, pv = k[2] or '0', k[3] or '0'
  redis.call('HSET', KEYS[2], 'id', user)
end
redis.call('HSET', KEYS[1], 'fl', floor, 'pv', pv, 'to', successor, 'at', ARGV[14], unpack(ARGV, 15))
redis.call('PEXPIRE', KEYS[1], ARGV[6])
if successor == '' then
  list(user, ARGV[8], ARGV[9])
else
  -- The record may have been live. Its user is in this slot only then.
  if m[4] == '' then unlist(m[5] or '', handle) end
  if ARGV[1] ~= '' then redis.call('ZADD', ARGV[1] .. ':claimed', ARGV[8], handle) end
end
return 'stored'`),

  /** KEYS: the journal. ARGV: time to live, number of old members, these, then the new members. */
  writeCopyJournal: redisScript(`
local old = tonumber(ARGV[2])
for i = 3, 2 + old do redis.call('ZREM', KEYS[1], ARGV[i]) end
for i = 3 + old, #ARGV do redis.call('ZADD', KEYS[1], 0, ARGV[i]) end
if tonumber(ARGV[1]) > redis.call('PTTL', KEYS[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return 1`),
};
