import type { Accounts, HashingOptions } from '@gatehouse/accounts';
import type { AttributesSchema } from '@gatehouse/contract';
import type { Database } from '@gatehouse/prisma';
import { openEngine, withDeadline, withExpiryPolicy, type Engine, type EngineOptions, type ExpiryPolicyOptions } from '@gatehouse/session';
import { lifetimesOf, type Settings } from '@gatehouse/settings';

export interface StorageOptions extends Pick<
  EngineOptions,
  'users' | 'now' | 'onConnectionError' | 'onCorrupt' | 'onExpired' | 'onEvicted'
> {
  readonly settings: Settings;
  /** An open, migrated database; undefined with `users` of the app. */
  readonly database: Database | undefined;
  readonly attributes?: AttributesSchema | undefined;
  readonly hashing?: HashingOptions | undefined;
  /** The app's own rule for the end of sessions, and what is called for each session that it ends. */
  readonly policy?: ExpiryPolicyOptions | undefined;
  /** How long a call of `engine` may take. @default SESSION_STORAGE_TIMEOUT */
  readonly timeoutMs?: number | undefined;
}

export interface Storage {
  /** For maintenance, which may take its time. */
  readonly storage: Engine;
  /** The same, each call limited in time. */
  readonly engine: Engine;
  readonly accounts: Accounts | undefined;
}

export interface StorageWithAccounts extends Storage {
  readonly accounts: Accounts;
}

/** Opens the session storage and the accounts, so that a change of an account ends sessions wherever they are. The caller closes `storage`. */
export function openStorage(options: StorageOptions & { readonly database: Database }): Promise<StorageWithAccounts>;
export function openStorage(options: StorageOptions): Promise<Storage>;
export async function openStorage({
  settings,
  database,
  attributes,
  hashing,
  timeoutMs,
  policy,
  ...options
}: StorageOptions): Promise<Storage> {
  const { session, redis, passwordPeppers } = settings;
  const storage = await openEngine(session.engine, {
    ...options,
    lifetimes: lifetimesOf(session),
    database,
    redisUrl: redis.url,
    storageTimeoutMs: session.storageTimeoutMs,
    nearCacheSessions: session.nearCacheSessions,
    limitPerUser: session.limitPerUser,
    attributes,
  });
  try {
    const bounded = withDeadline(storage, timeoutMs ?? session.storageTimeoutMs);
    const engine = policy ? withExpiryPolicy(bounded, policy) : bounded;
    if (!database) return { storage, engine, accounts: undefined };
    const { createAccounts } = await import('@gatehouse/accounts');
    const accounts = createAccounts({
      database,
      hashing: { peppers: passwordPeppers, ...hashing },
      sessions: engine.inDatabase ? undefined : engine,
      attributes,
    });
    return { storage, engine, accounts };
  } catch (error) {
    await storage.close();
    throw error;
  }
}
