import { assertAttributesSchema, userAttributesSchema, type AttributesSchema } from '@gatehouse/contract';
import type { EngineOptions } from './engine-options.ts';
import type { Engine } from './engine-port.ts';
import { assertLifetimes } from './policy.ts';
import { withAttributes } from './with-attributes.ts';

/**
 * Every engine by its `SESSION_ENGINE` name. A new engine is a file in `engines/` and a line here: the setting's
 * values and the conformance suite follow. Loaded on use, so that no driver is imported that is not used.
 */
export const ENGINES = {
  db: async (options: EngineOptions): Promise<Engine> => (await import('./engines/db.ts')).openDbEngine(options),
  cached_db: async (options: EngineOptions): Promise<Engine> =>
    (await import('./engines/cached-db/open-cached-db.ts')).openCachedDbEngine(options),
  redis: async (options: EngineOptions): Promise<Engine> => (await import('./engines/redis/open-redis-engine.ts')).openRedisEngine(options),
} as const;

export type EngineName = keyof typeof ENGINES;

export const ENGINE_NAMES = Object.keys(ENGINES) as [EngineName, ...EngineName[]];

/**
 * `attributes`: the fields of users that the application declares; default: the contract's `userAttributesSchema`. Give `createAccounts` the same.
 * @throws RangeError for lifetimes that no storage could hold, TypeError for attributes that must be given.
 */
export async function openEngine(
  name: EngineName,
  { attributes = userAttributesSchema, ...options }: EngineOptions & { readonly attributes?: AttributesSchema | undefined },
): Promise<Engine> {
  assertLifetimes(options.lifetimes);
  assertAttributesSchema(attributes);
  return withAttributes(await ENGINES[name](options), attributes);
}
