import { redisScript } from './redis-script.ts';
import { SURPLUS } from './surplus-lua.ts';

/**
 * What must happen at once happens inside Redis. A record is a hash: h handle, u user id, e credential epoch, d data,
 * v version, c created, r renewed, a last activity, x expires, ca custom age, f fixed expiry, i address, g user agent,
 * n the user as of the last change. Times are epoch milliseconds of the application's clock; Redis' own clock only
 * decides when memory is freed.
 *
 * Every script on a record begins with ARGV: session key, index (the prefix of the indexes, or empty on a cluster,
 * where they lie on another node and the engine keeps them itself), now.
 */

/** `policy.ts` in Lua: the conformance suite holds both to the same lines. */
export const POLICY = `
local function num(value) if value and value ~= '' then return tonumber(value) end return nil end
local function text(number) return string.format('%.0f', number) end
-- Of a value that is not a hash: none.
local function fields(...)
  local values = redis.pcall('HMGET', KEYS[1], ...)
  return values.err and {} or values
end
local function expiry(c, r, ca, f, age, absolute)
  return math.min(f or (r + ((ca and ca > 0) and ca * 1000 or age)), c + absolute)
end
`;

/** The sorted sets of indexes.ts. */
export const INDEX = `
local function index(prefix, key, handle, user, expires, activity)
  redis.call('ZADD', prefix .. ':expiry', expires, key .. ' ' .. handle .. ' ' .. user)
  redis.call('ZADD', prefix .. ':handle', 0, handle .. ' ' .. key)
  if user ~= '' then
    redis.call('ZADD', prefix .. ':user:' .. user, expires, key)
    redis.call('ZADD', prefix .. ':recent:' .. user, activity, handle .. ' ' .. key)
    redis.call('ZADD', prefix .. ':users', redis.call('ZRANGE', prefix .. ':user:' .. user, -1, -1, 'WITHSCORES')[2], user)
  end
end
local function unindex(prefix, key, handle, user)
  redis.call('ZREM', prefix .. ':expiry', key .. ' ' .. handle .. ' ' .. user)
  redis.call('ZREM', prefix .. ':handle', handle .. ' ' .. key)
  if user ~= '' then
    redis.call('ZREM', prefix .. ':user:' .. user, key)
    redis.call('ZREM', prefix .. ':recent:' .. user, handle .. ' ' .. key)
    local last = redis.call('ZRANGE', prefix .. ':user:' .. user, -1, -1, 'WITHSCORES')[2]
    if last then redis.call('ZADD', prefix .. ':users', last, user) else redis.call('ZREM', prefix .. ':users', user) end
  end
end
`;

export const SCRIPTS = {
  /**
   * + visit (1/0), interval, age, absolute, sliding (1/0), address, user agent. One round trip, the slide included. The
   * fields in the order of record.ts, then 1 if it slid.
   */
  loadSession: redisScript(`${POLICY}${INDEX}
local function refusal(problem, code) return string.find(problem, code, 1, true) end
local m = fields('h', 'u', 'e', 'd', 'v', 'c', 'r', 'a', 'x', 'ca', 'f', 'i', 'g', 'n')
if not m[1] and redis.call('EXISTS', KEYS[1]) == 0 then return 'absent' end
local c, r, a, x, ca, f = num(m[6]), num(m[7]), num(m[8]), num(m[9]), num(m[10]), num(m[11])
if not (c and r and a and x and m[1] and m[2]) then return 'corrupt' end
local now, interval, age, absolute = tonumber(ARGV[3]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local today = expiry(c, r, ca, f, age, absolute)
if now >= x or now >= today then return 'expired' end
local slid = '0'
if ARGV[4] == '1' then
  local due = math.abs(now - a) >= interval
  if due then
    a = now
    if ARGV[8] == '1' then r = now end
    today = expiry(c, r, ca, f, age, absolute)
  end
  if due or today ~= x then
    -- Full, or its disk is, or the replicas are away without which it writes nothing: the session is served as it is, and slides later.
    local seen = due and { 'a', text(a), 'r', text(r), 'i', ARGV[9], 'g', ARGV[10] } or {}
    local done = redis.pcall('HSET', KEYS[1], 'x', text(today), unpack(seen))
    local problem = type(done) == 'table' and done.err
    if not problem then
      redis.call('PEXPIRE', KEYS[1], text(today - now))
      if ARGV[2] ~= '' then index(ARGV[2], ARGV[1], m[1], m[2], text(today), text(a)) end
      m[9] = text(today)
      if due then m[7], m[8], m[12], m[13] = text(r), text(a), ARGV[9], ARGV[10] end
      slid = '1'
    elseif not (refusal(problem, 'OOM') or refusal(problem, 'MISCONF') or refusal(problem, 'NOREPLICAS')) then
      return redis.error_reply(problem)
    end
  end
end
m[15] = slid
return m`),

  /**
   * + time to live, handle, user id, expires, last activity, how many of its user may be live (0: any number), then the fields.
   * 0: there is one of this key; else what it ended, as the members of the user's list.
   */
  createSession: redisScript(`${INDEX}${SURPLUS}
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 10))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
if ARGV[2] == '' then return {} end
index(ARGV[2], ARGV[1], ARGV[5], ARGV[6], ARGV[7], ARGV[8])
return evict(ARGV[2], string.sub(KEYS[1], 1, -1 - #ARGV[1]), ARGV[6], ARGV[1], tonumber(ARGV[9]), ARGV[3])`),

  /** + expected version (empty: any), age, absolute, time to live, then the fields to set. A version given is raised. */
  writeSession: redisScript(`${POLICY}${INDEX}
local m = fields('v', 'x', 'h', 'u', 'c', 'r', 'ca', 'f')
local now, x, c, r = tonumber(ARGV[3]), num(m[2]), num(m[5]), num(m[6])
if not (m[1] and x and c and r and m[3] and m[4]) then return 'gone' end
if now >= x or now >= expiry(c, r, num(m[7]), num(m[8]), tonumber(ARGV[5]), tonumber(ARGV[6])) then return 'gone' end
if ARGV[4] ~= '' and m[1] ~= ARGV[4] then return 'conflict' end
redis.call('HSET', KEYS[1], unpack(ARGV, 8))
if ARGV[4] ~= '' then redis.call('HINCRBY', KEYS[1], 'v', 1) end
redis.call('PEXPIRE', KEYS[1], ARGV[7])
if ARGV[2] ~= '' then index(ARGV[2], ARGV[1], m[3], m[4], unpack(redis.call('HMGET', KEYS[1], 'x', 'a'))) end
return { m[3], m[4] }`),

  /** + age, absolute, mode. all: whatever its state; dead: only if its time is over, else its expiry and last activity are the answer. */
  endSession: redisScript(`${POLICY}${INDEX}
local m = fields('h', 'u', 'x', 'c', 'r', 'ca', 'f', 'a')
local now, x, c, r = tonumber(ARGV[3]), num(m[3]), num(m[4]), num(m[5])
local live = x and c and r and now < x and now < expiry(c, r, num(m[6]), num(m[7]), tonumber(ARGV[4]), tonumber(ARGV[5]))
if ARGV[6] == 'dead' and live then return m[3] .. ' ' .. (m[8] or m[3]) end
if redis.call('DEL', KEYS[1]) == 0 then return false end
if ARGV[2] ~= '' and m[1] then unindex(ARGV[2], ARGV[1], m[1], m[2] or '') end
return { m[1] or '', m[2] or '', live and '1' or '0' }`),

  /**
   * + age, absolute, the name of the key that says what took its place, the new session's key, its time to live, 1 if it takes the place
   * only of one that is live, the new session's user, how many of that user may be live (0: any number). Handle and user id of what it
   * ended (empty: nothing), whether that was live, what took its place before, and then what was too many.
   */
  replaceSession: redisScript(`${POLICY}${INDEX}${SURPLUS}
local m = fields('h', 'u', 'x', 'c', 'r', 'ca', 'f')
local now, x, c, r = tonumber(ARGV[3]), num(m[3]), num(m[4]), num(m[5])
local live = x and c and r and now < x and now < expiry(c, r, num(m[6]), num(m[7]), tonumber(ARGV[4]), tonumber(ARGV[5]))
if redis.call('DEL', KEYS[1]) == 1 and ARGV[2] ~= '' and m[1] then unindex(ARGV[2], ARGV[1], m[1], m[2] or '') end
local successor = redis.call('GET', ARGV[6])
if live or not (successor or ARGV[9] == '1') then redis.call('SET', ARGV[6], ARGV[7], 'PX', ARGV[8]) end
local ended = {}
-- Once all that it takes the place of is gone.
if ARGV[2] ~= '' and (not successor or successor == ARGV[7]) then
  ended = evict(ARGV[2], string.sub(KEYS[1], 1, -1 - #ARGV[1]), ARGV[10], ARGV[7], tonumber(ARGV[11]), ARGV[3])
end
return { m[1] or '', m[2] or '', live and '1' or '0', successor or '', unpack(ended) }`),

  /** + age, absolute. A shortened age moves the expiry nearer, and never further away. Expiry and last activity. */
  settleSession: redisScript(`${POLICY}
local m = fields('x', 'c', 'r', 'ca', 'f', 'a')
local x, c, r = num(m[1]), num(m[2]), num(m[3])
if not (x and c and r) then return false end
local today = math.min(x, expiry(c, r, num(m[4]), num(m[5]), tonumber(ARGV[4]), tonumber(ARGV[5])))
if today < x then
  redis.call('HSET', KEYS[1], 'x', text(today))
  redis.call('PEXPIRE', KEYS[1], text(math.max(1, today - tonumber(ARGV[3]))))
end
return { text(today), m[6] or text(today) }`),

  /** + user id, the user as JSON, what must be there now (empty: anything). */
  setUser: redisScript(`${POLICY}
local m = fields('u', 'n')
if m[1] ~= ARGV[4] or (ARGV[6] ~= '' and m[2] ~= ARGV[6]) then return 0 end
redis.call('HSET', KEYS[1], 'n', ARGV[5])
return 1`),

  /** KEYS: a user's bar. ARGV: owner, for how long. A field for each change that is under way; the bar is there while there is one. */
  barUser: redisScript(`
if tonumber(ARGV[2]) <= 0 then return redis.call('HDEL', KEYS[1], ARGV[1]) end
redis.call('HSET', KEYS[1], ARGV[1], '')
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`),

  /** KEYS: a mark. ARGV: now. */
  refuseAdoption: redisScript(`return redis.call('SET', KEYS[1], ARGV[1])`),

  /** KEYS: any of the indexes. ARGV: session key, index, handle, user id, expires, last activity. */
  indexSession: redisScript(`${INDEX}index(ARGV[2], ARGV[1], ARGV[3], ARGV[4], ARGV[5], ARGV[6]) return 1`),

  /** KEYS: any of the indexes. ARGV: index, now, how many. Takes entries whose time is over out of the indexes: each goes to one caller. */
  claimExpired: redisScript(`${INDEX}
local members = redis.call('ZRANGE', ARGV[1] .. ':expiry', '-inf', ARGV[2], 'BYSCORE', 'LIMIT', 0, ARGV[3])
for _, member in ipairs(members) do
  local key, handle, user = string.match(member, '^(%S*) (%S*) (%S*)$')
  unindex(ARGV[1], key, handle, user)
end
return members`),

  /** KEYS: one that nobody uses. A write, for replicas to acknowledge. */
  writeNothing: redisScript(`redis.call('SET', KEYS[1], '') redis.call('DEL', KEYS[1])`),

  /** KEYS: the lease. ARGV: owner, now, for how long. The application's clock decides here as well. */
  holdLease: redisScript(`
local untilAndOwner = redis.call('GET', KEYS[1]) or '0 '
local ends, owner = string.match(untilAndOwner, '^(%d+) (.*)$')
local now = tonumber(ARGV[2])
if owner ~= ARGV[1] and ends and tonumber(ends) > now then return 0 end
if tonumber(ARGV[3]) <= 0 then redis.call('DEL', KEYS[1]) return 1 end
redis.call('SET', KEYS[1], string.format('%.0f ', now + tonumber(ARGV[3])) .. ARGV[1], 'PX', ARGV[3])
return 1`),

  /** KEYS: any of the indexes. ARGV: session key, index, handle, user id. */
  unindexSession: redisScript(`${INDEX}unindex(ARGV[2], ARGV[1], ARGV[3], ARGV[4]) return 1`),
};
