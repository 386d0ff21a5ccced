import type { Engine } from '../../engine-port.ts';
import type { EngineOptions } from '../../engine-options.ts';
import { openDbEngine } from '../db/db-engine.ts';
import { openRedis } from '../redis/connection.ts';
import { RedisOpenError } from '../redis/redis-open-error.ts';
import { createCachedDbEngine } from './cached-db.ts';

/** Maximum age of a copy, which limits how long a change made by hand in the database goes unnoticed. */
export const CACHE_MAX_AGE_MS = 30_000;

/** @throws RedisOpenError */
export async function openCachedDbEngine(options: EngineOptions): Promise<Engine> {
  const { redisUrl, redisPrefix: prefix = 'gatehouse:', lifetimes, now = Date.now, onConnectionError } = options;
  if (redisUrl === undefined)
    throw new RedisOpenError('', 'SESSION_ENGINE=cached_db needs REDIS_URL. Set it to redis://localhost:6379, for example.');
  const { commands, replicated, close } = await openRedis(redisUrl, { onError: onConnectionError, timeoutMs: options.storageTimeoutMs });
  return createCachedDbEngine({
    db: openDbEngine(options),
    redis: commands,
    replicated,
    prefix,
    lifetimes,
    now,
    maxAgeMs: CACHE_MAX_AGE_MS,
    onConnectionError,
    close,
  });
}
