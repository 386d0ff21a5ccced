import { engineEntry } from '@gatehouse/session/registry';
import { error, ok, skipped, warning, type Verdict } from '../check.ts';
import { NO_INFO, onRedis } from '../on-redis.ts';

const NO_EVICTION = 'noeviction';
const FIX = `Set maxmemory-policy ${NO_EVICTION} in redis.conf, or right now: redis-cli CONFIG SET maxmemory-policy ${NO_EVICTION}`;

/** The share of maxmemory at which to warn that a full Redis refuses writes. */
const NEARLY_FULL = 0.9;

/**
 * With `maxmemory` and a `maxmemory-policy` other than `noeviction`, a full Redis evicts sessions, which signs users out at random: an error
 * for `redis`, and only a warning while `maxmemory` is not set. For `cached_db` any policy is fine, because Redis only has copies. Warns if
 * more than 90 % of `maxmemory` is in use.
 */
export const redisEviction = onRedis('redis-eviction', ({ info }, { settings }): Verdict => {
  const policy = info.get('maxmemory_policy');
  if (policy === undefined) return skipped(NO_INFO);
  const limit = Number(info.get('maxmemory') ?? 0);
  if (policy === NO_EVICTION) {
    return limit > 0 && Number(info.get('used_memory')) > NEARLY_FULL * limit
      ? warning('Redis is nearly full. A full Redis refuses to store sessions.', 'Raise maxmemory, or lower SESSION_COOKIE_AGE.')
      : ok('Nothing is evicted.');
  }
  if (engineEntry(settings.session.engine).sessionsIn === 'database') return ok('Redis only has copies, which it may evict.');
  return limit > 0
    ? error(`Redis evicts sessions when it is full (maxmemory-policy ${policy}, maxmemory is set), which signs users out at random.`, FIX)
    : warning(`Redis would evict sessions (maxmemory-policy ${policy}) if maxmemory were set.`, FIX);
});
