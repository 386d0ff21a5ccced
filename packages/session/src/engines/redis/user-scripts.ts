import { invalidatingScript } from '../near-cache/near-cache-scripts.ts';
import { redisScript } from './redis-script.ts';
import { SLOT } from './slot-lua.ts';

/** Scripts on one user, in the user's slot. */
export const USER_SCRIPTS = {
  /**
   * After `SLOT`. ARGV: user, a new ticket. Runs before the source is queried. Returns the floor, and the ticket needed
   * to store a copy.
   */
  readUserState: redisScript(`${SLOT}
local k = redis.call('HMGET', KEYS[2], 'id', 'fl', 't', 'ch')
if k[1] and k[1] ~= ARGV[6] then return { '0', '' } end
local ticket = k[3]
if not ticket and changes(k[4]) == '' then
  ticket = ARGV[7]
  redis.call('HSET', KEYS[2], 'id', ARGV[6], 't', ticket)
  keep(KEYS[2], DAY)
end
return { k[2] or '0', ticket or '' }`),

  /** After `SLOT`. ARGV: user, operation (begin, end or changed), token of the change (empty: none). */
  changeUser: invalidatingScript(`${SLOT}
local id = redis.call('HGET', KEYS[2], 'id')
if id and id ~= ARGV[6] then return 0 end
if not id and ARGV[7] ~= 'begin' then return 0 end
-- A delete comes first, because a full server then allows the writes that follow.
dropCopy()
redis.call('HSET', KEYS[2], 'id', ARGV[6])
if ARGV[7] == 'changed' then redis.call('HINCRBY', KEYS[2], 'pv', 1) end
local open = changes(redis.call('HGET', KEYS[2], 'ch'))
if ARGV[7] == 'begin' then
  open = open .. ARGV[8] .. ' ' .. ARGV[3] .. ';'
  keep(KEYS[2], DAY)
elseif ARGV[7] == 'end' then
  local others = {}
  for token, since in string.gmatch(open, '(%S+) (%d+);') do if token ~= ARGV[8] then others[#others + 1] = token .. ' ' .. since .. ';' end end
  open = table.concat(others)
end
setChanges(open)
tidy()
if ARGV[7] ~= 'begin' then tell('user ' .. ARGV[6]) end
return 1`),

  /**
   * After `SLOT`. KEYS 1: the session to keep; 5: the mark that refuses adoption. ARGV: user, the session to keep
   * (empty: none), its new epoch (empty: unchanged), how many handles to return. Ends all other sessions of the user,
   * however many. Returns the floor, 1 if a session was kept, and handles whose records must be deleted.
   */
  raiseFloor: invalidatingScript(`${SLOT}
-- A delete comes first, because a full server then allows the writes that follow.
redis.call('HDEL', KEYS[2], 'gone:')
redis.call('SET', KEYS[5], ARGV[3])
local user, kept = ARGV[6], '0'
local k = redis.call('HMGET', KEYS[2], 'id', 'fl', 'gone:' .. ARGV[7])
if k[1] and k[1] ~= user then return { '0', '0' } end
local before = num(k[2]) or 0
-- Above every earlier floor, even if the last one was lost with its key.
local floor = text(math.max(before + 1, now))
redis.call('HSET', KEYS[2], 'id', user, 'fl', floor)
keep(KEYS[2], DAY)
if ARGV[7] ~= '' and not k[3] then
  local m = fields('u', 'fl', 'to')
  if m[1] == user and (m[3] or '') == '' and (num(m[2]) or 0) >= before then
    redis.call('HSET', KEYS[1], 'fl', floor)
    if ARGV[8] ~= '' then redis.call('HSET', KEYS[1], 'e', ARGV[8]) end
    kept = '1'
  end
end
tell('user ' .. user)
return { floor, kept, unpack(redis.call('ZRANGE', KEYS[3], 0, ARGV[9] - 1)) }`),

  /**
   * After `SLOT`. KEYS from 5: records. ARGV: user, the floor, then a handle for each record. Deletes the records below
   * the floor. Returns how many were live, and the deleted handles.
   */
  deleteSessions: redisScript(`${SLOT}
local user, floor, ended, gone = ARGV[6], tonumber(ARGV[7]), 0, {}
for i = 8, #ARGV do
  local own = redis.pcall('HGET', KEYS[i - 3], 'fl')
  if type(own) ~= 'string' or (num(own) or 0) < floor then
    local x = num(redis.call('ZSCORE', KEYS[3], ARGV[i]))
    if redis.call('DEL', KEYS[i - 3]) == 1 and x and x > now then ended = ended + 1 end
    redis.call('HDEL', KEYS[2], 'gone:' .. ARGV[i])
    gone[#gone + 1] = ARGV[i]
  end
end
if #gone > 0 then
  unlist(user, unpack(gone))
  tell('user ' .. user)
end
return { ended, unpack(gone) }`),

  /**
   * After `SLOT`. ARGV: user, page size, and the position after which to start: activity and handle (both empty: from
   * the beginning). Returns 1 if there are more, the position of the next page (handle and activity), and handles of
   * live sessions, newest activity first.
   */
  pageOfUser: redisScript(`${SLOT}
local function isBelow(one, other)
  for i = 1, math.min(#one, #other) do
    local a, b = string.byte(one, i), string.byte(other, i)
    if a ~= b then return a < b end
  end
  return #one < #other
end
if redis.call('HGET', KEYS[2], 'id') ~= ARGV[6] then return { '0', '', '' } end
local limit, from = tonumber(ARGV[7]), 0
if ARGV[8] ~= '' then
  -- Skip sessions with newer activity. Among those with equal activity, find the handle by binary search.
  from = redis.call('ZCOUNT', KEYS[4], '(' .. ARGV[8], '+inf')
  local high = from + redis.call('ZCOUNT', KEYS[4], ARGV[8], ARGV[8])
  while from < high do
    local middle = math.floor((from + high) / 2)
    if isBelow(redis.call('ZRANGE', KEYS[4], middle, middle, 'REV')[1], ARGV[9]) then high = middle else from = middle + 1 end
  end
end
local dead = {}
for _, one in ipairs(redis.call('ZRANGE', KEYS[3], '-inf', now, 'BYSCORE')) do dead[one] = true end
local page, seen = {}, 0
-- Skip expired sessions, a bounded number at a time.
local members = redis.call('ZRANGE', KEYS[4], from, from + limit + 999, 'REV', 'WITHSCORES')
for i = 1, #members, 2 do
  if #page == limit then break end
  seen = i + 1
  if not dead[members[i]] then page[#page + 1] = members[i] end
end
local isMore = from + seen / 2 < redis.call('ZCARD', KEYS[4])
return { isMore and '1' or '0', seen > 0 and members[seen - 1] or '', seen > 0 and members[seen] or '', unpack(page) }`),
};
