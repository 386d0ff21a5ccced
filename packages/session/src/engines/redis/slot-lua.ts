/**
 * Prefix of the scripts that run atomically in one slot. Times are epoch milliseconds of the application's clock;
 * Redis' own clock only decides when memory is freed.
 *
 * KEYS: record, user, the user's sessions by expiry and by activity (keys.ts). ARGV: prefix of the indexes over all
 * users (empty on a cluster, where they are on another node and the engine maintains them), handle, now, age, absolute
 * age.
 *
 * A user is a hash. `id`: the user of this slot. `e`, `n`, `at`: a copy of the user: credential epoch, the user as
 * JSON, and when it was read from its source. `t`: the ticket needed to write such a copy; a change deletes it, and
 * tickets are never reused. `fl`: the floor; sessions created under a lower floor are ended. `ch`: changes of the
 * account in progress. `pv`: incremented by every announced change of the account; a record stores its value at the
 * last rotation, and if they differ, the secret before that rotation is refused. `gone:<handle>`: an ended session
 * whose record must still be deleted.
 */
export const SLOT = `
local handle, now, age, absolute = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local DAY, CHANGE = 86400000, 60000
local function num(value) if value and value ~= '' then return tonumber(value) end return nil end
local function text(number) return string.format('%.0f', number) end
-- No fields if the value is not a hash.
local function fields(...)
  local values = redis.pcall('HMGET', KEYS[1], ...)
  return values.err and {} or values
end
local function expiry(c, r, ca, f)
  return math.min(f or (r + ((ca and ca > 0) and ca * 1000 or age)), c + absolute)
end
local function isInTime(x, c, r, ca, f)
  return x and c and r and now < x and now < expiry(c, r, ca, f)
end
-- Keys of a user live as long as the user's last session, but at least a day, so that no script works with a key that
-- has expired.
local function keep(key, ms)
  ms = math.max(ms, DAY)
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, text(ms)) end
end
local function tidy()
  local rest = redis.call('HLEN', KEYS[2])
  -- Without sessions pv is not needed.
  if rest == 2 and redis.call('HGET', KEYS[2], 'pv') and redis.call('EXISTS', KEYS[3]) == 0 then rest = 1 end
  if rest == 1 then redis.call('DEL', KEYS[2]) end
end
local function dropCopy() redis.call('HDEL', KEYS[2], 'e', 'n', 'at', 't') end
local function listUser(user)
  local last = redis.call('ZRANGE', KEYS[3], -1, -1, 'WITHSCORES')[2]
  if last then redis.call('ZADD', ARGV[1] .. ':users', last, user) else redis.call('ZREM', ARGV[1] .. ':users', user) end
end
local function list(user, x, a)
  if user ~= '' then
    redis.call('ZADD', KEYS[3], x, handle)
    redis.call('ZADD', KEYS[4], a, handle)
    for i = 2, 4 do keep(KEYS[i], tonumber(x) - now + DAY) end
  end
  if ARGV[1] == '' then return end
  redis.call('ZADD', ARGV[1] .. ':expiry', x, handle .. ' ' .. user)
  redis.call('ZADD', ARGV[1] .. ':handle', 0, handle .. ' ' .. user)
  if user ~= '' then listUser(user) end
end
local function unlist(user, ...)
  if user ~= '' then
    redis.call('ZREM', KEYS[3], ...)
    redis.call('ZREM', KEYS[4], ...)
    if redis.call('EXISTS', KEYS[3]) == 0 and redis.call('EXISTS', KEYS[2]) == 1 then dropCopy() tidy() end
  end
  if ARGV[1] == '' then return end
  local members = {}
  for i, one in ipairs({...}) do members[i] = one .. ' ' .. user end
  redis.call('ZREM', ARGV[1] .. ':expiry', unpack(members))
  redis.call('ZREM', ARGV[1] .. ':handle', unpack(members))
  redis.call('ZREM', ARGV[1] .. ':claimed', ...)
  if user ~= '' then listUser(user) end
end
-- The changes in progress, and whether one was abandoned: no transaction takes that long.
local function changes(marks)
  local open, given = {}, false
  for token, since in string.gmatch(marks or '', '(%S+) (%d+);') do
    if math.abs(now - tonumber(since)) < CHANGE then open[#open + 1] = token .. ' ' .. since .. ';' else given = true end
  end
  return table.concat(open), given
end
local function setChanges(open)
  if open == '' then redis.call('HDEL', KEYS[2], 'ch') else redis.call('HSET', KEYS[2], 'ch', open) end
end
-- Tells every process that watches sessions: changes.ts. An account without the right to PUBLISH is no reason to fail.
local function tell(message)
  local prefix = string.match(KEYS[2], '^(.*){[^}]*}:user$')
  if prefix then redis.pcall('PUBLISH', prefix .. 'changes', message) end
end
-- Ended by the floor, or marked for deletion. The slot of another user says nothing.
local function isEnded(user, floor)
  if user == '' then return false end
  local k = redis.call('HMGET', KEYS[2], 'id', 'fl', 'gone:' .. handle)
  return k[1] == user and (k[3] and true or (num(floor) or 0) < (num(k[2]) or 0))
end
`;

/**
 * After `SLOT`. ARGV 6 to 12: maximum age of a copy (empty: no limit), a new ticket, 1 if the source was queried, and
 * then its epoch, the ticket of that request, the copy to store (empty: none), when it was queried (empty: unchanged).
 *
 * Returns the state of a record's user: 'ended', 'known', or 'ask' if the source must be queried; then the copy and the ticket.
 */
export const USER_STATE = `
local function userState(user, epoch, floor)
  if user == '' then return 'known', '', '' end
  local k = redis.call('HMGET', KEYS[2], 'id', 'e', 'n', 'at', 't', 'fl', 'ch', 'gone:' .. handle)
  if k[1] and k[1] ~= user then k = {} end
  if k[8] or floor < (num(k[6]) or 0) then return 'ended' end
  local open, given = changes(k[7])
  if given then
    if type(redis.pcall('HDEL', KEYS[2], 'e', 'n', 'at', 't')) == 'number' then setChanges(open) end
    k[2], k[3], k[4], k[5] = false, false, false, false
  end
  local copied = num(k[2])
  if copied and epoch < copied then return 'ended' end
  if ARGV[8] == '1' then
    local answer = tonumber(ARGV[9])
    if ARGV[11] ~= '' and open == '' and k[5] == ARGV[10] and (copied or answer) <= answer then
      redis.pcall('HSET', KEYS[2], 'e', ARGV[9], 'n', ARGV[11])
      if ARGV[12] ~= '' then redis.pcall('HSET', KEYS[2], 'at', ARGV[12]) end
    end
    if epoch >= answer then return 'known', '', '' end
    -- Final, because epochs only rise. If nothing can be written, the next request removes it.
    if type(redis.pcall('DEL', KEYS[1])) == 'number' then unlist(user, handle) end
    return 'ended'
  end
  local isFresh = ARGV[6] == '' or math.abs(now - (num(k[4]) or 0)) < tonumber(ARGV[6])
  if k[3] and copied == epoch and open == '' and isFresh then return 'known', k[3], k[5] or '' end
  if open == '' and not k[5] then
    k[5] = ARGV[7]
    if type(redis.pcall('HSET', KEYS[2], 'id', user, 't', ARGV[7])) == 'number' then keep(KEYS[2], DAY) end
  end
  return 'ask', k[3] or '', k[5] or ''
end
`;
