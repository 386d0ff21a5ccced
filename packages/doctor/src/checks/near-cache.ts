import { error, ok, warning, type Verdict } from '../check.ts';
import { onRedis } from '../on-redis.ts';

/**
 * With `SESSION_NEAR_CACHE`, the account in Redis needs the rights `+client|tracking +client|id`; without them it is an error. Warns if Redis
 * has replicas: after a failover to one behind the same address, a server may serve ended sessions from its memory for up to a second. The
 * settings themselves refuse a near cache with other engines, Sentinel, a cluster and `?wait=`.
 */
export const nearCache = onRedis('near-cache', ({ info, canTrack }, { settings }): Verdict => {
  const { nearCacheSessions } = settings.session;
  if (nearCacheSessions === 0) return ok('There is no near cache.');
  if (canTrack === false)
    return error(
      'SESSION_NEAR_CACHE is set, but this Redis account may not use CLIENT TRACKING and CLIENT ID.',
      'Add +client|tracking +client|id to its rights (ACL SETUSER), or set SESSION_NEAR_CACHE=0.',
    );
  if (Number(info.get('connected_slaves') ?? 0) > 0)
    return warning(
      'Redis has replicas, which the near cache does not know: after a failover, ended sessions may be served for up to a second.',
      'Set SESSION_NEAR_CACHE=0, or use the replicas only for backups.',
    );
  return ok(`Each server keeps up to ${nearCacheSessions} sessions in memory.`);
});
