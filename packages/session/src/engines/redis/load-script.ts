import { CLOCK_TOLERANCE_MS, SHARE_OF_OWN_AGE } from '../../policy.ts';
import { RECORD_FORMAT } from '../record-format.ts';
import { redisScript } from './redis-script.ts';
import { SLOT, USER_STATE } from './slot-lua.ts';

/**
 * After `SLOT` and `USER_STATE`. ARGV from 13: 1 if a secret was presented, 2 to read records of a newer format too
 * (0: neither), hash of the secret, grace period of a previous secret, 1 if the request is activity, activity interval,
 * sliding (1/0), address, user agent.
 */
export const LOAD_SCRIPT = redisScript(`${SLOT}${USER_STATE}
local function isRefusal(problem)
  for _, code in ipairs({ 'OOM', 'MISCONF', 'NOREPLICAS', 'READONLY' }) do if string.find(problem, code, 1, true) then return true end end
  return false
end
local m = fields('u', 'e', 'fl', 'd', 'v', 's', 'ps', 'ro', 'p', 'c', 'r', 'a', 'x', 'ca', 'f', 'i', 'g', 'to', 'at', 'fv')
if not m[1] and redis.call('EXISTS', KEYS[1]) == 0 then return 'absent' end
local user, epoch, floor, presented = m[1], num(m[2]), num(m[3]), num(m[9])
local c, r, a, x, ca, f = num(m[10]), num(m[11]), num(m[12]), num(m[13]), num(m[14]), num(m[15])
local newer = m[20] and (num(m[20]) or math.huge) > ${RECORD_FORMAT}
if not (user and epoch and floor and m[6] and c and r and a and x) then
  if newer then return { 'newer', m[20] } end
  return 'corrupt'
end
local secret = ''
if ARGV[13] == '1' then
  if ARGV[14] == m[6] then
    secret = 'current'
  elseif m[7] and m[7] ~= '' and ARGV[14] == m[7] and (not presented or now < presented + tonumber(ARGV[15])) then
    secret = 'previous'
    -- The user's role or password changed after the rotation.
    if user ~= '' and (redis.call('HGET', KEYS[1], 'pv') or '0') ~= (redis.call('HGET', KEYS[2], 'pv') or '0') then return 'absent' end
  else
    return 'absent'
  end
end
if newer and ARGV[13] ~= '2' then return { 'newer', m[20] } end
if m[18] and m[18] ~= '' then
  if secret == '' or now >= x then return 'absent' end
  return { 'claimed', m[18], m[19] or '0' }
end
if not isInTime(x, c, r, ca, f) then return isEnded(user, floor) and 'absent' or 'expired' end
local state, copy, ticket = userState(user, epoch, floor)
if state == 'ended' then return 'absent' end
-- Write nothing before the user is known: a session whose user is gone must not slide.
if state == 'ask' then return { 'ask', user, copy, ticket } end
local today = expiry(c, r, ca, f)
local sets, due, slid = {}, false, false
if secret == 'current' and not presented then sets = { 'p', text(now) } end
if ARGV[16] == '1' then
  local interval = tonumber(ARGV[17])
  if ARGV[18] == '1' and ca and ca > 0 then interval = math.min(interval, ca * 1000 * ${SHARE_OF_OWN_AGE}) end
  due = now - a >= interval or a - now > ${CLOCK_TOLERANCE_MS}
  if due then
    a = now
    if ARGV[18] == '1' then r = now end
    today = expiry(c, r, ca, f)
    for _, one in ipairs({ 'a', text(a), 'r', text(r), 'i', ARGV[19], 'g', ARGV[20] }) do sets[#sets + 1] = one end
  end
  slid = due or today ~= x
  if slid then sets[#sets + 1] = 'x' sets[#sets + 1] = text(today) end
end
local wrote = '0'
if #sets > 0 then
  -- Redis refuses writes because its memory or disk is full or replicas are missing. The session is served as it is and
  -- slides later.
  local done = redis.pcall('HSET', KEYS[1], unpack(sets))
  local problem = type(done) == 'table' and done.err
  if not problem then
    wrote = slid and 'slid' or 'presented'
    if sets[1] == 'p' then m[9] = sets[2] end
    if slid then
      redis.call('PEXPIRE', KEYS[1], text(today - now))
      list(user, text(today), text(a))
      m[13] = text(today)
      if due then m[11], m[12], m[16], m[17] = text(r), text(a), ARGV[19], ARGV[20] end
    end
  elseif not isRefusal(problem) then
    return redis.error_reply(problem)
  end
end
local reply = { 'live', secret, wrote, copy, ticket, unpack(m, 1, 17) }
reply[23] = m[20] or ''
return reply`);
