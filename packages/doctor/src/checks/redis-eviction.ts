import { error, ok, skipped, warning, type Verdict } from '../check.ts';
import { MAY_NOT_ASK, onRedis } from '../on-redis.ts';

const NEVER = 'noeviction';
const MEND = `Set maxmemory-policy ${NEVER} in redis.conf, or at once: redis-cli CONFIG SET maxmemory-policy ${NEVER}`;

/** Full, it refuses writes; this is when to say so before. */
const NEARLY_FULL = 0.9;

export const redisEviction = onRedis('redis-eviction', ({ info }, { settings }): Verdict => {
  const policy = info.get('maxmemory_policy');
  if (policy === undefined) return skipped(MAY_NOT_ASK);
  const limit = Number(info.get('maxmemory') ?? 0);
  if (policy === NEVER) {
    return limit > 0 && Number(info.get('used_memory')) > NEARLY_FULL * limit
      ? warning('Redis is nearly full, and will refuse to store sessions when it is.', 'Raise maxmemory, or shorten SESSION_COOKIE_AGE.')
      : ok('Nothing is evicted.');
  }
  if (settings.session.engine === 'cached_db') {
    return limit > 0
      ? warning(
          `Redis may evict (${policy}): for copies that is well, but it may also evict what tells which copies a user has, and a revocation could then wait for 30 seconds.`,
          `${MEND}. Copies live 30 seconds and need little room.`,
        )
      : ok('Nothing is evicted: Redis has no limit of memory.');
  }
  return limit > 0
    ? error(`Redis evicts sessions when it is full (maxmemory-policy ${policy}, maxmemory set): people are signed out at random.`, MEND)
    : warning(`Redis would evict sessions (maxmemory-policy ${policy}) as soon as someone sets maxmemory.`, MEND);
});
