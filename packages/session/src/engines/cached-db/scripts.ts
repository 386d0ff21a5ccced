import { redisScript } from '../redis/redis-script.ts';

/** How long a mark, a generation and a ticket count: longer than any reader, writer or transaction takes. */
export const MARK_MS = 60_000;

/**
 * `c:handle` is a hash: a copy of a session (`e` era, `g` generation of the user's copies, `u` user id or empty, `r` record, `n` user), or
 * the mark of a change (`m` kind, `u` user id, `t` token of who has set it). ARGV 1 begins the names of all other keys:
 *
 *     g:handle  generation of one session's copy     ug:user  of one user's copies, `ug:` of nobody's     accounts  of all users' copies
 *     era       of all copies                        h:user   a hash of tokens: no copies of this user meanwhile; `h-all` of anyone
 *     w         written to prove that Redis takes writes
 *
 * Generations are random and never written over: what invalidates deletes them, and a missing one never matches, so that an emptied Redis
 * brings nothing back. Deleting also works in a Redis that is full, and what a script writes after that as well.
 */
export const CACHE_SCRIPTS = {
  /**
   * KEYS: the copy. ARGV: base, handle, a random value for generations that are missing, '1' to prove that Redis takes writes.
   * Returns: proven '1' or '0', the record and the user of a copy that may be served (else ''), and a ticket of three generations, which
   * are '' where no copy may be made.
   */
  readCopy: redisScript(`
local base = ARGV[1]
local proven = '0'
if ARGV[4] == '1' and not redis.pcall('SET', base .. 'w', '1', 'PX', 1000).err then proven = '1' end
local mark, era, generation, user, record, copied = unpack(redis.call('HMGET', KEYS[1], 'm', 'e', 'g', 'u', 'r', 'n'))
if mark then return {proven, '', '', '', '', ''} end
local function ticket(name, ttl)
  local value = redis.call('GET', name)
  if value then return value end
  local reply = ttl and redis.pcall('SET', name, ARGV[3], 'PX', ttl) or redis.pcall('SET', name, ARGV[3])
  return reply.err and '' or ARGV[3]
end
local of, accounts, now = ticket(base .. 'g:' .. ARGV[2], ${MARK_MS}), ticket(base .. 'accounts'), ticket(base .. 'era')
if not record or era ~= now or generation ~= redis.call('GET', base .. 'ug:' .. user) then record, copied = '', '' end
return {proven, record, copied, of, accounts, now}`),

  /**
   * KEYS: the copy. ARGV: base, handle, user id or '', the ticket's three, record, user, the copy's age in ms, a random value.
   * 0: something was invalidated meanwhile, or is about to be.
   */
  keepCopy: redisScript(`
local base, user = ARGV[1], ARGV[3]
for index, name in ipairs({'g:' .. ARGV[2], 'accounts', 'era'}) do
  if redis.call('GET', base .. name) ~= ARGV[3 + index] then return 0 end
end
if redis.call('EXISTS', base .. 'h:' .. user, base .. 'h-all') > 0 then return 0 end
local generation = redis.call('GET', base .. 'ug:' .. user) or ARGV[10]
redis.call('SET', base .. 'ug:' .. user, generation, 'PX', ${MARK_MS})
redis.call('HSET', KEYS[1], 'e', ARGV[6], 'g', generation, 'u', user, 'r', ARGV[7], 'n', ARGV[8])
redis.call('PEXPIRE', KEYS[1], ARGV[9])
return 1`),

  /** KEYS: the copy. ARGV: base, handle. A mark stays. */
  forgetCopy: redisScript(`
redis.call('DEL', ARGV[1] .. 'g:' .. ARGV[2])
if redis.call('HGET', KEYS[1], 'm') then return 0 end
return redis.call('DEL', KEYS[1])`),

  /**
   * KEYS: the copy. ARGV: base, handle, kind (ending, changing), user id or '', token. Puts a mark in place of the copy; the mark of an
   * end stays where the session is only changed.
   */
  markCopy: redisScript(`
redis.call('DEL', ARGV[1] .. 'g:' .. ARGV[2])
local kind = redis.call('HGET', KEYS[1], 'm')
if ARGV[3] ~= 'changing' or (kind ~= 'ending' and kind ~= 'ended') then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'm', ARGV[3], 'u', ARGV[4], 't', ARGV[5])
end
return redis.call('PEXPIRE', KEYS[1], ${MARK_MS})`),

  /** KEYS: the copy. The kind of the mark that stands there and whose session it is, or '' and ''. */
  inspectCopy: redisScript(`
local mark, user = unpack(redis.call('HMGET', KEYS[1], 'm', 'u'))
return {mark or '', mark and user or ''}`),

  /** KEYS: the copy. ARGV: token, what the mark becomes: `ended`, or '' for nothing. Only the mark of this token. 1: a mark stood. */
  releaseCopy: redisScript(`
local kind, token = unpack(redis.call('HMGET', KEYS[1], 'm', 't'))
if not kind then return 0 end
if token == ARGV[1] and ARGV[2] == '' then redis.call('DEL', KEYS[1]) end
if token == ARGV[1] and ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'm', ARGV[2]) end
return 1`),

  /** KEYS: the hash of tokens. ARGV: token, names of the generations that end. */
  holdCopies: redisScript(`
redis.call('DEL', unpack(ARGV, 2))
redis.call('HSET', KEYS[1], ARGV[1], '1')
return redis.call('PEXPIRE', KEYS[1], ${MARK_MS})`),

  /** KEYS: the hash of tokens. ARGV: token, names of the generations that end. 1: the token stood. */
  releaseCopies: redisScript(`
redis.call('DEL', unpack(ARGV, 2))
return redis.call('HDEL', KEYS[1], ARGV[1])`),
};

/** Acknowledged when replicas have them: without these a fail-over would bring an old copy back. */
export const CACHE_REPLICATED = ['markCopy', 'holdCopies', 'releaseCopies'] as const satisfies readonly (keyof typeof CACHE_SCRIPTS)[];
