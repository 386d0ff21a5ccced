import { RedisStore } from 'connect-redis';
import type { Engine } from '../../engine-port.ts';
import type { EngineOptions } from '../../engine-options.ts';
import { usersOf } from '../users-of.ts';
import { openRedis } from './connection.ts';
import { leaseMsFor } from '../near-cache/cache-member.ts';
import { createRedisEngine } from './redis-engine.ts';
import { readRedisUrl } from './redis-url.ts';
import { RedisOpenError } from './redis-open-error.ts';

/**
 * Sessions in Redis, with connect-redis' prefix and serializer.
 * @throws RedisOpenError, TypeError if neither users nor a database are given
 */
export async function openRedisEngine(options: EngineOptions): Promise<Engine> {
  if (options.redisUrl === undefined)
    throw new RedisOpenError('', 'SESSION_ENGINE=redis needs REDIS_URL. Set it to redis://localhost:6379, for example.');
  const users = await usersOf(options);
  const { nearCacheSessions: maxSessions = 0, storageTimeoutMs: timeoutMs } = options;
  if (maxSessions > 0) refuseNearCache(options.redisUrl);
  const { commands, tracked, ...connection } = await openRedis(options.redisUrl, {
    onError: options.onConnectionError,
    timeoutMs,
    isTracked: maxSessions > 0,
  });
  const { prefix, serializer } = new RedisStore({ client: commands, prefix: options.redisPrefix ?? 'gatehouse:' });
  const nearCache = tracked && { connection: tracked, maxSessions, leaseMs: leaseMsFor(timeoutMs) };
  return createRedisEngine({ ...options, ...connection, users, redis: commands, prefix, serializer, nearCache });
}

/** See docs/decisions/0031-near-cache.md. @throws RedisOpenError */
function refuseNearCache(url: string): void {
  const { kind, wait = 0 } = readRedisUrl(url);
  const fix = 'Set SESSION_NEAR_CACHE=0.';
  if (kind === 'sentinel') throw new RedisOpenError(url, `a near cache needs a single server, not Sentinel. ${fix}`);
  if (kind === 'cluster') throw new RedisOpenError(url, `a near cache needs a single server, not a cluster. ${fix}`);
  if (wait > 0) throw new RedisOpenError(url, `a near cache cannot wait for replicas. ${fix} Or remove ?wait=${wait}.`);
}
