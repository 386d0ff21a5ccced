import { redisScript } from '../redis/redis-script.ts';

/** Lifetime of a mark, a version and a ticket: longer than any read, write or transaction takes. */
export const MARK_MS = 60_000;

/**
 * `c:handle` is a hash. It is either a copy of a session (`e` flush epoch, `g` version of the user's copies, `u` user
 * id or empty, `r` record, `n` user) or the mark of a change (`m` kind, `u` user id, `t` token of the process that set
 * it). ARGV 1 is the prefix of all other keys:
 *
 *     g:handle  version of one session's copy
 *     ug:user   version of one user's copies; `ug:`: of anonymous sessions
 *     accounts  version of the copies of all users
 *     era       version of all copies, the flush epoch
 *     h:user    hash of tokens: no copies of this user are stored; `h-all`: of anyone
 *     w         written to prove that Redis accepts writes
 *
 * Versions are random and never overwritten. To invalidate copies, their version is deleted; a missing version never
 * matches, so an emptied Redis makes no old copy valid. Redis also allows deletes, and writes after them in the same
 * script, when it is full.
 */
export const CACHE_SCRIPTS = {
  /**
   * KEYS: the copy. ARGV: base, handle, a random value for missing versions, '1' to prove that Redis accepts writes.
   * Returns: proven '1' or '0', record and user of a copy that may be served (otherwise ''), and a ticket of three
   * versions, which are '' if no copy may be stored.
   */
  readCopy: redisScript(`
local base = ARGV[1]
local proven = '0'
if ARGV[4] == '1' and not redis.pcall('SET', base .. 'w', '1', 'PX', 1000).err then proven = '1' end
local mark, flushEpoch, ofUser, user, record, copied = unpack(redis.call('HMGET', KEYS[1], 'm', 'e', 'g', 'u', 'r', 'n'))
if mark then return {proven, '', '', '', '', ''} end
local function ticket(name, ttl)
  local value = redis.call('GET', name)
  if value then return value end
  local reply = ttl and redis.pcall('SET', name, ARGV[3], 'PX', ttl) or redis.pcall('SET', name, ARGV[3])
  return reply.err and '' or ARGV[3]
end
local version, accounts, current = ticket(base .. 'g:' .. ARGV[2], ${MARK_MS}), ticket(base .. 'accounts'), ticket(base .. 'era')
if not record or flushEpoch ~= current or ofUser ~= redis.call('GET', base .. 'ug:' .. user) then record, copied = '', '' end
return {proven, record, copied, version, accounts, current}`),

  /**
   * KEYS: the copy. ARGV: base, handle, user id or '', the ticket's three versions, record, user, the copy's age in ms,
   * a random value. Returns 0 if something was invalidated since the ticket, or is being changed.
   */
  setCopyIfUnchanged: redisScript(`
local base, user = ARGV[1], ARGV[3]
for index, name in ipairs({'g:' .. ARGV[2], 'accounts', 'era'}) do
  if redis.call('GET', base .. name) ~= ARGV[3 + index] then return 0 end
end
if redis.call('EXISTS', base .. 'h:' .. user, base .. 'h-all') > 0 then return 0 end
local version = redis.call('GET', base .. 'ug:' .. user) or ARGV[10]
redis.call('SET', base .. 'ug:' .. user, version, 'PX', ${MARK_MS})
redis.call('HSET', KEYS[1], 'e', ARGV[6], 'g', version, 'u', user, 'r', ARGV[7], 'n', ARGV[8])
redis.call('PEXPIRE', KEYS[1], ARGV[9])
return 1`),

  /** KEYS: the copy. ARGV: base, handle. Keeps a mark. */
  invalidateCopy: redisScript(`
redis.call('DEL', ARGV[1] .. 'g:' .. ARGV[2])
if redis.call('HGET', KEYS[1], 'm') then return 0 end
return redis.call('DEL', KEYS[1])`),

  /**
   * KEYS: the copy. ARGV: base, handle, kind (ending, changing), user id or '', token. Replaces the copy by a mark. The
   * mark of an end is not replaced by the mark of a change.
   */
  markCopy: redisScript(`
redis.call('DEL', ARGV[1] .. 'g:' .. ARGV[2])
local kind = redis.call('HGET', KEYS[1], 'm')
if ARGV[3] ~= 'changing' or (kind ~= 'ending' and kind ~= 'ended') then
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'm', ARGV[3], 'u', ARGV[4], 't', ARGV[5])
end
return redis.call('PEXPIRE', KEYS[1], ${MARK_MS})`),

  /** KEYS: the copy. Returns the mark's kind and the session's user, or '' and ''. */
  inspectCopy: redisScript(`
local mark, user = unpack(redis.call('HMGET', KEYS[1], 'm', 'u'))
return {mark or '', mark and user or ''}`),

  /**
   * KEYS: the copy. ARGV: token, new kind of the mark: `ended`, or '' to remove it. Only changes the mark with this
   * token. Returns 1 if there was a mark.
   */
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

  /** KEYS: the hash of tokens. ARGV: token, keys of the versions to delete. Returns 1 if the token was there. */
  releaseCopies: redisScript(`
redis.call('DEL', unpack(ARGV, 2))
return redis.call('HDEL', KEYS[1], ARGV[1])`),
};

/** Acknowledged once replicas have them: otherwise a fail-over could make an old copy valid again. */
export const CACHE_REPLICATED = ['markCopy', 'holdCopies', 'releaseCopies'] as const satisfies readonly (keyof typeof CACHE_SCRIPTS)[];
