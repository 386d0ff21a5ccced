import { engineEntry } from '@gatehouse/session/registry';
import { error, ok, skipped, warning, type Verdict } from '../check.ts';
import { MAY_NOT_ASK, onRedis } from '../on-redis.ts';

const NEVER = 'noeviction';
const MEND = `Set maxmemory-policy ${NEVER} in redis.conf, or at once: redis-cli CONFIG SET maxmemory-policy ${NEVER}`;

/** Full, it refuses writes; this is when to say so before. */
const NEARLY_FULL = 0.9;

/**
 * With `maxmemory` and a `maxmemory-policy` other than `noeviction`, a full Redis drops sessions, which signs users out at random: an error
 * for `redis`, and a warning as long as there is no `maxmemory`. For `cached_db` any policy is fine, since Redis holds only copies. More
 * than nine tenths of `maxmemory` in use is a warning.
 */
export const redisEviction = onRedis('redis-eviction', ({ info }, { settings }): Verdict => {
  const policy = info.get('maxmemory_policy');
  if (policy === undefined) return skipped(MAY_NOT_ASK);
  const limit = Number(info.get('maxmemory') ?? 0);
  if (policy === NEVER) {
    return limit > 0 && Number(info.get('used_memory')) > NEARLY_FULL * limit
      ? warning('Redis is nearly full, and will refuse to store sessions when it is.', 'Raise maxmemory, or shorten SESSION_COOKIE_AGE.')
      : ok('Nothing is evicted.');
  }
  if (engineEntry(settings.session.engine).sessionsIn === 'database') return ok('Redis holds copies alone: it may evict any of them.');
  return limit > 0
    ? error(`Redis evicts sessions when it is full (maxmemory-policy ${policy}, maxmemory set): people are signed out at random.`, MEND)
    : warning(`Redis would evict sessions (maxmemory-policy ${policy}) as soon as someone sets maxmemory.`, MEND);
});
