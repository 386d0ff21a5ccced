import { redisScript } from './redis-script.ts';
import { INDEX, POLICY } from './scripts.ts';
import { DEAD, SURPLUS } from './surplus-lua.ts';

/** What is asked of the indexes about many sessions at once. KEYS of each: any of the indexes, which lie on one node. */
export const USER_SCRIPTS = {
  /**
   * ARGV: index, user, how many, now, and after which: activity and handle (both empty: from the beginning). The members of live ones,
   * newest activity first, each followed by its activity; before them 1 if there is more behind them, and where the next look begins.
   */
  pageOfUser: redisScript(`${DEAD}
local function isBelow(one, other)
  for i = 1, math.min(#one, #other) do
    local a, b = string.byte(one, i), string.byte(other, i)
    if a ~= b then return a < b end
  end
  return #one < #other
end
local recent, byExpiry = ARGV[1] .. ':recent:' .. ARGV[2], ARGV[1] .. ':user:' .. ARGV[2]
local limit, from = tonumber(ARGV[3]), 0
if ARGV[5] ~= '' then
  -- Behind those of newer activity; among those of the same, in the middle, by handle.
  from = redis.call('ZCOUNT', recent, '(' .. ARGV[5], '+inf')
  local high = from + redis.call('ZCOUNT', recent, ARGV[5], ARGV[5])
  while from < high do
    local middle = math.floor((from + high) / 2)
    local handle = string.match(redis.call('ZRANGE', recent, middle, middle, 'REV')[1], '^%S*')
    if isBelow(handle, ARGV[6]) then high = middle else from = middle + 1 end
  end
end
local page, seen, dead = {}, 0, deadOf(byExpiry, ARGV[4])
-- What is over is passed over, a bounded number at a time.
local members = redis.call('ZRANGE', recent, from, from + limit + 999, 'REV', 'WITHSCORES')
for i = 1, #members, 2 do
  if #page == 2 * limit then break end
  seen = i + 1
  if not dead[string.match(members[i], ' (%S*)$')] then
    page[#page + 1] = members[i]
    page[#page + 1] = members[i + 1]
  end
end
local isMore = from + seen / 2 < redis.call('ZCOUNT', recent, '-inf', '+inf')
return { isMore and '1' or '0', seen > 0 and members[seen - 1] or '', seen > 0 and members[seen] or '', unpack(page) }`),

  /** ARGV: index, user, the new session's key, the limit, now. Takes what is too many out of the list, so that each goes to one caller. */
  claimSurplus: redisScript(`${INDEX}${SURPLUS}
local ended = surplus(ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), ARGV[5])
for _, member in ipairs(ended) do redis.call('ZREM', ARGV[1] .. ':recent:' .. ARGV[2], member) end
return ended`),

  /**
   * On one server. ARGV: index, what the keys of records begin with, user, the key that stays (empty: none), now, how many at most. Ends
   * them, records and entries. How many it looked at, and how many live ones it ended. It leaves what has no record any more.
   */
  endUserSessions: redisScript(`
local byExpiry = ARGV[1] .. ':user:' .. ARGV[3]
local entries = redis.call('ZRANGE', byExpiry, 0, ARGV[6] - 1, 'WITHSCORES')
local keys, live, dead, expiry, handles = {}, {}, {}, {}, {}
for i = 1, #entries, 2 do
  local key = entries[i]
  local handle = key ~= ARGV[4] and redis.pcall('HGET', ARGV[2] .. key, 'h')
  if type(handle) == 'string' then
    local list = tonumber(entries[i + 1]) > tonumber(ARGV[5]) and live or dead
    list[#list + 1] = ARGV[2] .. key
    keys[#keys + 1] = key
    expiry[#keys] = key .. ' ' .. handle .. ' ' .. ARGV[3]
    handles[#keys] = handle .. ' ' .. key
  end
end
local ended = #live > 0 and redis.call('DEL', unpack(live)) or 0
if #dead > 0 then redis.call('DEL', unpack(dead)) end
if #keys > 0 then
  redis.call('ZREM', byExpiry, unpack(keys))
  redis.call('ZREM', ARGV[1] .. ':recent:' .. ARGV[3], unpack(handles))
  redis.call('ZREM', ARGV[1] .. ':expiry', unpack(expiry))
  redis.call('ZREM', ARGV[1] .. ':handle', unpack(handles))
  local last = redis.call('ZRANGE', byExpiry, -1, -1, 'WITHSCORES')[2]
  if last then redis.call('ZADD', ARGV[1] .. ':users', last, ARGV[3]) else redis.call('ZREM', ARGV[1] .. ':users', ARGV[3]) end
end
return { #entries / 2, ended }`),

  /**
   * On one server. ARGV: index, what the keys of records begin with, user, the key that stays (empty: none), now, where to begin, how
   * many. Deletes records and leaves their entries. How many entries it looked at, and how many live sessions it ended.
   */
  deleteUserRecords: redisScript(`
local from = tonumber(ARGV[6])
local entries = redis.call('ZRANGE', ARGV[1] .. ':user:' .. ARGV[3], from, from + tonumber(ARGV[7]) - 1, 'WITHSCORES')
local live = {}
for i = 1, #entries, 2 do
  if entries[i] ~= ARGV[4] and tonumber(entries[i + 1]) > tonumber(ARGV[5]) then live[#live + 1] = ARGV[2] .. entries[i] end
end
return { #entries / 2, #live > 0 and redis.call('DEL', unpack(live)) or 0 }`),

  /**
   * On one server. ARGV: index, what the keys of records begin with, user, where to begin, how many. Removes entries whose record is
   * gone. How many it looked at, and how many of them it left.
   */
  unindexUser: redisScript(`
local recent, byExpiry, from = ARGV[1] .. ':recent:' .. ARGV[3], ARGV[1] .. ':user:' .. ARGV[3], tonumber(ARGV[4])
local members = redis.call('ZRANGE', recent, from, from + tonumber(ARGV[5]) - 1)
local keys, expiry, handles = {}, {}, {}
for _, member in ipairs(members) do
  local handle, key = string.match(member, '^(%S*) (%S*)$')
  if redis.call('EXISTS', ARGV[2] .. key) == 0 then
    keys[#keys + 1] = key
    expiry[#keys] = key .. ' ' .. handle .. ' ' .. ARGV[3]
    handles[#keys] = member
  end
end
if #keys > 0 then
  redis.call('ZREM', byExpiry, unpack(keys))
  redis.call('ZREM', recent, unpack(handles))
  redis.call('ZREM', ARGV[1] .. ':expiry', unpack(expiry))
  redis.call('ZREM', ARGV[1] .. ':handle', unpack(handles))
  local last = redis.call('ZRANGE', byExpiry, -1, -1, 'WITHSCORES')[2]
  if last then redis.call('ZADD', ARGV[1] .. ':users', last, ARGV[3]) else redis.call('ZREM', ARGV[1] .. ':users', ARGV[3]) end
end
return { #members, #members - #keys }`),

  /**
   * On one server. ARGV: index, what the keys of records begin with, now, age, absolute, how many at most. Removes what is over, record
   * and all, and gives its members; an entry that lagged behind its record is set right.
   */
  purgeExpired: redisScript(`${POLICY}${INDEX}
local now, age, absolute = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local gone = {}
for _, member in ipairs(redis.call('ZRANGE', ARGV[1] .. ':expiry', '-inf', ARGV[3], 'BYSCORE', 'LIMIT', 0, ARGV[6])) do
  local key, handle, user = string.match(member, '^(%S*) (%S*) (%S*)$')
  local m = redis.pcall('HMGET', ARGV[2] .. key, 'x', 'c', 'r', 'ca', 'f', 'a')
  local x, c, r = num(m[1]), num(m[2]), num(m[3])
  if x and c and r and now < x and now < expiry(c, r, num(m[4]), num(m[5]), age, absolute) then
    index(ARGV[1], key, handle, user, m[1], m[6])
  else
    redis.call('DEL', ARGV[2] .. key)
    unindex(ARGV[1], key, handle, user)
    gone[#gone + 1] = member
  end
end
return gone`),
};
