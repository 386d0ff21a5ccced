/** Lua: which of a user's sessions are over and wait for the purge, by their keys. `byExpiry`: the user's sessions by expiry. */
export const DEAD = `
local function deadOf(byExpiry, now)
  local dead = {}
  local keys = redis.call('ZRANGE', byExpiry, '-inf', now, 'BYSCORE')
  for _, key in ipairs(keys) do dead[key] = true end
  return dead, #keys
end
`;

/**
 * Lua, behind `INDEX`: which sessions a user has too many of, the longest unused first and never `own`, the new one; at most a
 * thousand, as on every engine: where the limit was lowered, each sign-in ends as many. `most` 0: any number.
 */
export const SURPLUS = `${DEAD}
local function surplus(prefix, user, own, most, now)
  local recent, byExpiry = prefix .. ':recent:' .. user, prefix .. ':user:' .. user
  if user == '' or most == 0 then return {} end
  -- Counted by the list, which on a cluster those are out of that another sign-in is about to end.
  local over = redis.call('ZCOUNT', recent, '-inf', '+inf') - redis.call('ZCOUNT', byExpiry, '-inf', now) - most
  if over <= 0 then return {} end
  over = math.min(over, 1000)
  local dead, deadCount = deadOf(byExpiry, now)
  local ended = {}
  for _, member in ipairs(redis.call('ZRANGE', recent, 0, over + deadCount)) do
    local key = string.match(member, ' (%S*)$')
    if #ended < over and key ~= own and not dead[key] then ended[#ended + 1] = member end
  end
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
