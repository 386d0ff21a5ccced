import { assertAttributesSchema, userAttributesSchema, type AttributesSchema } from '@gatehouse/contract';
import type { EngineOptions } from './engine-options.ts';
import type { Engine } from './engine-port.ts';
import { assertLifetimes } from './policy.ts';
import { withAttributes } from './with-attributes.ts';

/** What settings, `gatehouse doctor`, the command line and the docs need to know of an engine. */
export interface EngineEntry {
  /** What must be given to open it. */
  readonly needs: { readonly database: boolean; readonly redis: boolean };
  /** Where sessions are, so how durable they are and who can see them. Redis beside the database holds copies alone. */
  readonly sessionsIn: 'database' | 'redis' | 'memory';
  /** Loads the engine and its drivers. */
  readonly open: (options: EngineOptions) => Promise<Engine>;
}

/** Every engine by its `SESSION_ENGINE` name. A new engine is a folder in `engines/` and a line here. */
export const ENGINES = {
  db: {
    needs: { database: true, redis: false },
    sessionsIn: 'database',
    open: async (options) => (await import('./engines/db/db-engine.ts')).openDbEngine(options),
  },
  cached_db: {
    needs: { database: true, redis: true },
    sessionsIn: 'database',
    open: async (options) => (await import('./engines/cached-db/open-cached-db.ts')).openCachedDbEngine(options),
  },
  redis: {
    needs: { database: false, redis: true },
    sessionsIn: 'redis',
    open: async (options) => (await import('./engines/redis/open-redis-engine.ts')).openRedisEngine(options),
  },
  memory: {
    needs: { database: false, redis: false },
    sessionsIn: 'memory',
    open: async (options) => (await import('./engines/memory/open-memory-engine.ts')).openMemoryEngine(options),
  },
} as const satisfies Record<string, EngineEntry>;

export type EngineName = keyof typeof ENGINES;

export const ENGINE_NAMES = Object.keys(ENGINES) as [EngineName, ...EngineName[]];

/** The registered description of an engine. */
export const engineEntry = (name: EngineName): EngineEntry => ENGINES[name];

/**
 * `attributes`: the fields of users that the application declares; default: the contract's `userAttributesSchema`. Give `createAccounts` the same.
 * @throws RangeError for lifetimes that no storage could hold, TypeError for attributes that must be given and for a missing database.
 */
export async function openEngine(
  name: EngineName,
  { attributes = userAttributesSchema, ...options }: EngineOptions & { readonly attributes?: AttributesSchema | undefined },
): Promise<Engine> {
  assertLifetimes(options.lifetimes);
  assertAttributesSchema(attributes);
  const { needs, open } = engineEntry(name);
  if (needs.database && !options.database) throw new TypeError(`The engine ${name} needs an open database: give \`database\`.`);
  return withAttributes(await open(options), attributes);
}
