import type { Database } from '@gatehouse/prisma';
import type { Engine } from '@gatehouse/session';
import { databaseStore } from './database-store.ts';
import { redisStore } from './redis-store.ts';
import { createSignInLimits, type LimitSettings, type SignInLimits } from './sign-in-limits.ts';

export interface LimitsOptions {
  readonly engine: Engine;
  readonly database: Database;
  readonly settings: LimitSettings;
  /** The session secrets: the first keys the names that things are counted under. */
  readonly secrets: readonly [string, ...string[]];
  readonly timeoutMs: number;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

/** In the Redis that has the sessions, if it has them alone; else in the database, so that `cached_db` signs people in without its Redis. */
export function limitsBesideSessions({ engine, database, settings, secrets, timeoutMs, now = Date.now }: LimitsOptions): SignInLimits {
  const store = engine.redis ? redisStore(engine.redis, now) : databaseStore(database, now);
  return createSignInLimits({ store, settings, secret: secrets[0], timeoutMs, now });
}
