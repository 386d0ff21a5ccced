import type { Database } from '@gatehouse/prisma';
import type { Engine } from '@gatehouse/session';
import { databaseStore } from './database-store.ts';
import { redisStore } from './redis-store.ts';
import { createSignInLimits, type LimitSettings, type SignInLimits } from './sign-in-limits.ts';

export interface LimitsOptions {
  readonly engine: Engine;
  readonly database: Database;
  readonly settings: LimitSettings;
  /** The session secrets. The first one is the key for the hashed bucket names. */
  readonly secrets: readonly [string, ...string[]];
  /** Maximum duration of a call. */
  readonly timeoutMs: number;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * Stores the limits in Redis if sessions are only in Redis, and otherwise in the database, so that `cached_db` can sign users in while its
 * Redis is down.
 */
export function createLimitsForEngine({ engine, database, settings, secrets, timeoutMs, now = Date.now }: LimitsOptions): SignInLimits {
  const store = engine.redis ? redisStore(engine.redis, now) : databaseStore(database, now);
  return createSignInLimits({ store, settings, secret: secrets[0], timeoutMs, now });
}
