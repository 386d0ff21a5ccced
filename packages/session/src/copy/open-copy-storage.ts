import type { EngineOptions } from '../engine-options.ts';
import { RedisOpenError } from '../engines/redis/redis-open-error.ts';
import { assertLifetimes } from '../policy.ts';
import type { EngineName } from '../registry.ts';
import type { CopyStorage } from './copy-storage.ts';

export type CopyableEngine = Exclude<EngineName, 'memory'>;

/**
 * Opens a storage to copy from or to. Pass the same options as to `openEngine`; close it afterwards.
 * @throws RedisOpenError, RangeError if a lifetime is out of range, TypeError if the database is missing
 */
export async function openCopyStorage(name: CopyableEngine, options: EngineOptions): Promise<CopyStorage> {
  assertLifetimes(options.lifetimes);
  const { database, redisUrl, lifetimes, now = Date.now } = options;
  if (name === 'redis') {
    if (redisUrl === undefined) throw new RedisOpenError('', 'Copying from or to redis needs REDIS_URL.');
    const { redisCopyStorage } = await import('./redis-copy-storage.ts');
    return redisCopyStorage({ ...options, redisUrl });
  }
  if (!database) throw new TypeError(`The engine ${name} needs an open database: give \`database\`.`);
  const [{ dbCopyStorage }, engine] = await Promise.all([
    import('./db-copy-storage.ts'),
    name === 'db'
      ? import('../engines/db/db-engine.ts').then(({ openDbEngine }) => openDbEngine(options))
      : import('../engines/cached-db/open-cached-db.ts').then(({ openCachedDbEngine }) => openCachedDbEngine(options)),
  ]);
  return dbCopyStorage({ engine, database, lifetimes, now });
}
