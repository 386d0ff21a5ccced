/**
 * Lua, behind `INDEX`: which sessions a user has too many of, the longest unused first and never `own`, the new one; at most a
 * thousand, as on every engine: where the limit was lowered, each sign-in ends as many. `most` 0: any number.
 */
export const SURPLUS = `
local function surplus(prefix, user, own, most, now)
  local recent, byExpiry = prefix .. ':recent:' .. user, prefix .. ':user:' .. user
  if user == '' or most == 0 or redis.call('ZCARD', recent) <= most then return {} end
  local isFar = redis.call('ZCOUNT', byExpiry, '(' .. now, '+inf') > most + 1000
  local live = {}
  for _, member in ipairs(redis.call('ZRANGE', recent, 0, isFar and 1000 or -1)) do
    local key = string.match(member, ' (%S*)$')
    -- What is over waits for the purge in the other indexes; here it would be looked at by each sign-in.
    if tonumber(redis.call('ZSCORE', byExpiry, key) or 0) <= tonumber(now) then redis.call('ZREM', recent, member)
    elseif key ~= own then live[#live + 1] = member end
  end
  local ended = {}
  for i = 1, isFar and math.min(#live, 1000) or #live + 1 - most do ended[i] = live[i] end
  return ended
end
-- Ends them as well. 'records': what the keys of records begin with.
local function evict(prefix, records, user, own, most, now)
  local ended = surplus(prefix, user, own, most, now)
  for _, member in ipairs(ended) do
    local handle, key = string.match(member, '^(%S*) (%S*)$')
    redis.call('DEL', records .. key)
    unindex(prefix, key, handle, user)
  end
  return ended
end
`;
