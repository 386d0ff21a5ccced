import { assertAttributesSchema, userAttributesSchema, type AttributesSchema } from '@gatehouse/contract';
import type { EngineOptions } from './engine-options.ts';
import type { Engine } from './engine-port.ts';
import { assertLifetimes } from './policy.ts';
import { withAttributes } from './with-attributes.ts';

/** Description of an engine, for the settings, `gatehouse doctor`, the command line and the documentation. */
export interface EngineEntry {
  /** Which connections `open` needs. */
  readonly needs: { readonly database: boolean; readonly redis: boolean };
  /** Where sessions are stored. `cached_db` is `database`: its Redis holds only copies. */
  readonly sessionsIn: 'database' | 'redis' | 'memory';
  /** Whether a process may keep sessions in memory: `SESSION_NEAR_CACHE`. */
  readonly nearCache: boolean;
  /** Imports the engine and its drivers, then opens it. */
  readonly open: (options: EngineOptions) => Promise<Engine>;
}

/** Every engine by its `SESSION_ENGINE` name. To add one, add a folder in `engines/` and an entry here. */
export const ENGINES = {
  db: {
    needs: { database: true, redis: false },
    sessionsIn: 'database',
    nearCache: false,
    open: async (options) => (await import('./engines/db/db-engine.ts')).openDbEngine(options),
  },
  cached_db: {
    needs: { database: true, redis: true },
    sessionsIn: 'database',
    nearCache: false,
    open: async (options) => (await import('./engines/cached-db/open-cached-db.ts')).openCachedDbEngine(options),
  },
  redis: {
    needs: { database: false, redis: true },
    sessionsIn: 'redis',
    nearCache: true,
    open: async (options) => (await import('./engines/redis/open-redis-engine.ts')).openRedisEngine(options),
  },
  memory: {
    needs: { database: false, redis: false },
    sessionsIn: 'memory',
    nearCache: false,
    open: async (options) => (await import('./engines/memory/open-memory-engine.ts')).openMemoryEngine(options),
  },
} as const satisfies Record<string, EngineEntry>;

export type EngineName = keyof typeof ENGINES;

export const ENGINE_NAMES = Object.keys(ENGINES) as [EngineName, ...EngineName[]];

export const engineEntry = (name: EngineName): EngineEntry => ENGINES[name];

/**
 * Opens an engine.
 *
 * @param options.attributes schema of the application's user attributes. Default: the contract's
 * `userAttributesSchema`. Pass the same to `createAccounts`.
 * @throws RangeError if a lifetime is out of range, TypeError if a required attribute has no default or the database is
 * missing.
 */
export async function openEngine(
  name: EngineName,
  { attributes = userAttributesSchema, ...options }: EngineOptions & { readonly attributes?: AttributesSchema | undefined },
): Promise<Engine> {
  assertLifetimes(options.lifetimes);
  assertAttributesSchema(attributes);
  const { needs, nearCache, open } = engineEntry(name);
  if (needs.database && !options.database) throw new TypeError(`The engine ${name} needs an open database: give \`database\`.`);
  if ((options.nearCacheSessions ?? 0) > 0 && !nearCache)
    throw new TypeError(`The engine ${name} has no near cache: leave \`nearCacheSessions\` out.`);
  return withAttributes(await open(options), attributes);
}
