import { RedisStore } from 'connect-redis';
import type { Engine } from '../../engine-port.ts';
import type { EngineOptions } from '../../engine-options.ts';
import { usersOf } from '../users-of.ts';
import { openRedis } from './connection.ts';
import { createRedisEngine } from './redis-engine.ts';
import { RedisOpenError } from './redis-open-error.ts';

/**
 * Sessions in Redis, with connect-redis' prefix and serializer.
 * @throws RedisOpenError, TypeError if neither users nor a database are given
 */
export async function openRedisEngine(options: EngineOptions): Promise<Engine> {
  if (options.redisUrl === undefined)
    throw new RedisOpenError('', 'SESSION_ENGINE=redis needs REDIS_URL. Set it to redis://localhost:6379, for example.');
  const users = await usersOf(options);
  const { commands, ...connection } = await openRedis(options.redisUrl, {
    onError: options.onConnectionError,
    timeoutMs: options.storageTimeoutMs,
  });
  const { prefix, serializer } = new RedisStore({ client: commands, prefix: options.redisPrefix ?? 'gatehouse:' });
  return createRedisEngine({ ...options, ...connection, users, redis: commands, prefix, serializer });
}
