import { createAdoption, type Adoption, type AdoptionOptions } from './adoption.ts';
import { createOldStorage } from './old-storage.ts';

export interface OpenAdoptionOptions extends Omit<AdoptionOptions, 'storage'> {
  /** URL of the old app's Redis: see `readRedisUrl`. */
  readonly redisUrl: string;
  /** Prefix of every key of the old app. */
  readonly prefix: string;
  readonly onConnectionError?: ((error: Error) => void) | undefined;
}

export interface OpenAdoption extends Adoption {
  readonly close: () => Promise<void>;
}

/** @throws RedisOpenError */
export async function openAdoption({ redisUrl, prefix, onConnectionError, ...options }: OpenAdoptionOptions): Promise<OpenAdoption> {
  // An app that adopts Django's sessions, or none, need not install redis.
  const { openRedis } = await import('../engines/redis/connection.ts');
  const { commands, close } = await openRedis(redisUrl, { onError: onConnectionError });
  return { ...createAdoption({ ...options, storage: createOldStorage(commands, prefix) }), close };
}
