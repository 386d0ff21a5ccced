import { invalidatingScript } from '../near-cache/near-cache-scripts.ts';
import { LOAD_SCRIPT } from './load-script.ts';
import { redisScript } from './redis-script.ts';
import { SLOT, USER_STATE } from './slot-lua.ts';

/** Scripts on one session and, where needed, its user. The comments list the arguments after those of the prefix. */
export const SESSION_SCRIPTS = {
  loadSession: LOAD_SCRIPT,

  /**
   * After `SLOT`. ARGV: time to live, user (empty: anonymous), expires, last activity, the floor and the ticket from
   * when the user was read, epoch, copy of the user (empty: none), maximum number of the user's sessions (0: no limit),
   * successor (empty: none), then the fields. Returns 'taken', 'foreign', 'moved' (read the user again), 'refused', or
   * the handles that exceed the limit.
   */
  createSession: redisScript(`${SLOT}
if redis.call('EXISTS', KEYS[1]) == 1 then return 'taken' end
local user, max, successor = ARGV[7], tonumber(ARGV[14]), ARGV[15]
if successor ~= '' then
  redis.call('HSET', KEYS[1], 'fl', '0', 'to', successor, 'at', ARGV[3], unpack(ARGV, 16))
  redis.call('PEXPIRE', KEYS[1], ARGV[6])
  if ARGV[1] ~= '' then redis.call('ZADD', ARGV[1] .. ':claimed', ARGV[8], handle) end
  return {}
end
if user ~= '' then
  local k = redis.call('HMGET', KEYS[2], 'id', 'fl', 't', 'ch', 'e')
  if k[1] and k[1] ~= user then return 'foreign' end
  if (k[2] or '0') ~= ARGV[10] then return 'moved' end
  if tonumber(ARGV[12]) < (num(k[5]) or 0) then return 'refused' end
  redis.call('HSET', KEYS[2], 'id', user)
  if ARGV[13] ~= '' and k[3] == ARGV[11] and changes(k[4]) == '' then redis.call('HSET', KEYS[2], 'e', ARGV[12], 'n', ARGV[13], 'at', ARGV[3]) end
end
redis.call('HSET', KEYS[1], 'fl', ARGV[10], 'to', '', 'at', '', unpack(ARGV, 16))
redis.call('PEXPIRE', KEYS[1], ARGV[6])
list(user, ARGV[8], ARGV[9])
if user ~= '' then tell('user ' .. user) end
if user == '' or max == 0 then return {} end
-- Least recently used first, and never the new one. At most a thousand: if the limit was lowered, each sign-in ends
-- that many.
local over = math.min(1000, redis.call('ZCARD', KEYS[4]) - redis.call('ZCOUNT', KEYS[3], '-inf', now) - max)
if over <= 0 then return {} end
local dead, surplus = {}, {}
local expired = redis.call('ZRANGE', KEYS[3], '-inf', now, 'BYSCORE')
for _, one in ipairs(expired) do dead[one] = true end
for _, one in ipairs(redis.call('ZRANGE', KEYS[4], 0, over + #expired)) do
  if #surplus < over and one ~= handle and not dead[one] then
    surplus[#surplus + 1] = one
    redis.call('HSET', KEYS[2], 'gone:' .. one, '')
  end
end
if #surplus > 0 then unlist(user, unpack(surplus)) end
return surplus`),

  /**
   * After `USER_STATE`. ARGV from 13: expected version (empty: any; otherwise it is incremented), time to live, the
   * epoch of a user who has just authenticated (empty: none), then the fields to set. Returns 'gone', 'conflict', or
   * user, expiry and last activity.
   */
  writeSession: invalidatingScript(`${SLOT}${USER_STATE}
local m = fields('u', 'e', 'fl', 'v', 'c', 'r', 'x', 'ca', 'f', 'to')
local user, epoch, floor = m[1], num(m[2]), num(m[3])
if not (user and epoch and floor and m[4]) or (m[10] and m[10] ~= '') then return 'gone' end
if not isInTime(num(m[7]), num(m[5]), num(m[6]), num(m[8]), num(m[9])) then return 'gone' end
local state, copy, ticket = userState(user, epoch, floor)
if state == 'ended' then return 'gone' end
if state == 'ask' or (ARGV[15] ~= '' and ARGV[8] ~= '1' and user ~= '') then return { 'ask', user, copy, ticket } end
if ARGV[15] ~= '' and (user == '' or ARGV[15] ~= ARGV[9]) then return 'gone' end
if ARGV[13] ~= '' and m[4] ~= ARGV[13] then return 'conflict' end
redis.call('HSET', KEYS[1], unpack(ARGV, 16))
for i = 16, #ARGV, 2 do
  if ARGV[i] == 's' then redis.call('HSET', KEYS[1], 'pv', user ~= '' and redis.call('HGET', KEYS[2], 'pv') or '0') end
end
if ARGV[13] ~= '' then redis.call('HINCRBY', KEYS[1], 'v', 1) end
-- Before PEXPIRE, which deletes a record whose time is already over.
local after = redis.call('HMGET', KEYS[1], 'x', 'a')
redis.call('PEXPIRE', KEYS[1], ARGV[14])
list(user, after[1], after[2])
return { 'written', user, after[1], after[2] }`),

  /** After `USER_STATE`. ARGV from 13: successor, expected version (empty: any), the claim to replace (empty: none). */
  claimSession: invalidatingScript(`${SLOT}${USER_STATE}
local m = fields('u', 'e', 'fl', 'v', 'c', 'r', 'x', 'ca', 'f', 'to', 'at')
local user, epoch, floor = m[1], num(m[2]), num(m[3])
if not (user and epoch and floor and m[4]) then return 'gone' end
if m[10] and m[10] ~= '' then
  if now >= num(m[7]) then return 'gone' end
  -- Executed by an earlier try that was not acknowledged.
  if m[10] == ARGV[13] then return { 'claimed', user, m[7] } end
  if m[10] ~= ARGV[15] then return { 'taken', m[10], m[11] } end
else
  if not isInTime(num(m[7]), num(m[5]), num(m[6]), num(m[8]), num(m[9])) then return 'gone' end
  local state, copy, ticket = userState(user, epoch, floor)
  if state == 'ended' then return 'gone' end
  if state == 'ask' then return { 'ask', user, copy, ticket } end
  if ARGV[15] ~= '' then return 'conflict' end
end
if ARGV[14] ~= '' and m[4] ~= ARGV[14] then return 'conflict' end
redis.call('HSET', KEYS[1], 'to', ARGV[13], 'at', ARGV[3])
unlist(user, handle)
tell('session ' .. handle .. ' ' .. user)
if ARGV[1] ~= '' then redis.call('ZADD', ARGV[1] .. ':claimed', m[7], handle) end
return { 'claimed', user, m[7] }`),

  /**
   * After `SLOT`. KEYS 5: the mark of an end that is not acknowledged yet. ARGV: mode, user in case the record is gone,
   * the only user whose session may be ended (empty: any), the successor that was ended (empty: none), 1 if replicas
   * are waited for. Mode every: in any state; all: the same, but the successor of a claimed session must end first;
   * dead: only if it is not live. Returns 'none'; 'other' for another user's session; 'claimed', successor and expiry;
   * 'live', user, expiry and activity; or 'ended', user and 1 if it was live.
   */
  endSession: invalidatingScript(`${SLOT}
local m = fields('u', 'fl', 'x', 'c', 'r', 'ca', 'f', 'a', 'to', 'e')
if redis.call('EXISTS', KEYS[1]) == 0 then
  local owner = ARGV[6] == 'all' and redis.call('GET', KEYS[5])
  unlist(ARGV[7], handle)
  if owner then tell('session ' .. handle .. ' ' .. owner) end
  if owner and (ARGV[8] == '' or ARGV[8] == owner) then return { 'ended', owner, '1' } end
  return { 'none' }
end
local user, to, x = m[1] or '', m[9] or '', num(m[3])
if ARGV[8] ~= '' and user ~= ARGV[8] then return { 'other' } end
if ARGV[6] == 'all' and to ~= '' and to ~= ARGV[9] then return { 'claimed', to, m[3] or '0' } end
if ARGV[6] == 'dead' and to ~= '' and x and now < x then
  if ARGV[1] ~= '' then redis.call('ZADD', ARGV[1] .. ':claimed', m[3], handle) end
  return { 'claimed', to, m[3] }
end
local k = user ~= '' and redis.call('HMGET', KEYS[2], 'id', 'e') or {}
local isOld = k[1] == user and (num(m[10]) or 0) < (num(k[2]) or 0)
local live = to == '' and isInTime(x, num(m[4]), num(m[5]), num(m[6]), num(m[7])) and not isEnded(user, m[2]) and not isOld
if ARGV[6] == 'dead' and live then
  list(user, m[3], m[8] or m[3])
  return { 'live', user, m[3], m[8] or m[3] }
end
redis.call('DEL', KEYS[1])
if user ~= '' and redis.call('HDEL', KEYS[2], 'gone:' .. handle) == 1 then tidy() end
unlist(user, handle)
if ARGV[6] ~= 'dead' then tell('session ' .. handle .. ' ' .. user) end
if live and ARGV[10] == '1' then redis.call('SET', KEYS[5], user, 'PX', 600000) end
return { 'ended', user, live and '1' or '0' }`),

  /** After `SLOT`. Applies a shortened age: the expiry only moves earlier. Returns user, expiry and last activity. */
  recomputeExpiry: redisScript(`${SLOT}
local m = fields('u', 'x', 'c', 'r', 'ca', 'f', 'a', 'to')
local x, c, r = num(m[2]), num(m[3]), num(m[4])
if not (m[1] and x and c and r) or (m[8] and m[8] ~= '') then return false end
local today = math.min(x, expiry(c, r, num(m[5]), num(m[6])))
if today < x then
  redis.call('HSET', KEYS[1], 'x', text(today))
  redis.call('PEXPIRE', KEYS[1], text(math.max(1, today - now)))
end
list(m[1], text(today), m[7] or text(today))
return { m[1], text(today) }`),
};
