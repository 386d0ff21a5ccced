import { existsSync } from 'node:fs';
import type { Accounts } from '@gatehouse/accounts';
import type { Database } from '@gatehouse/prisma';
import type { Engine } from '@gatehouse/session';
import type { LiveSession } from '@gatehouse/session/engine';
import { engineEntry } from '@gatehouse/session/registry';
import { lifetimesOf, loadSettings, type Settings } from '@gatehouse/settings';
import { Failure } from './failure.ts';
import type { SessionSummary } from './session-summary.ts';
import { counted } from './terminal/counted.ts';
import { leniently } from './write-audit.ts';

/*
 * Database, accounts and engine are imported on use: `gatehouse whoami` loads none of them.
 */

/** What management commands work on: the storage of these settings, without a server in between. */
export interface Local {
  readonly settings: Settings;
  readonly database: Database;
  readonly accounts: Accounts;
}

export interface LocalSessions extends Local {
  readonly engine: Engine;
  readonly summarise: (session: LiveSession) => SessionSummary;
}

/**
 * How long one statement of a command may take. A request has its second or two, for others wait behind it; the person at a terminal
 * who counts a million sessions on a database that has just been started would rather wait than be told to try again.
 */
const PATIENCE_MS = 30_000;

/** For commands about sessions. Those that are in the memory of a server are out of reach. */
export function withSessions<T>(work: (local: LocalSessions) => Promise<T>): Promise<T> {
  return withLocal(async (local) => {
    const { engine: name } = local.settings.session;
    if (engineEntry(name).sessionsIn === 'memory')
      throw new Failure(
        'OUT_OF_REACH',
        `With SESSION_ENGINE=${name} sessions are in the memory of the server, where this command cannot reach them.`,
      );
    return work(local);
  });
}

/** Opens database and session storage for one command and closes both. Refuses a database that is not migrated, and makes none. */
export async function withLocal<T>(work: (local: LocalSessions) => Promise<T>): Promise<T> {
  const settings = loadSettings();
  requireDatabaseFile(settings);
  const [{ openDatabase, pendingMigrations }, { createAccounts }, { openEngine, withDeadline }, { summarise }] = await Promise.all([
    import('@gatehouse/prisma'),
    import('@gatehouse/accounts'),
    import('@gatehouse/session'),
    import('./summarise-session.ts'),
  ]);
  const database = await openDatabase(settings.database.url, { statementTimeoutMs: PATIENCE_MS });
  try {
    const pending = await pendingMigrations(database);
    if (pending.length > 0) {
      throw new Failure('MIGRATIONS_PENDING', `The database lacks ${counted(pending.length, 'migration')}. Apply: gatehouse migrate`);
    }
    const { session } = settings;
    const lifetimes = lifetimesOf(session);
    let accounts: Accounts | undefined;
    const storage = await openEngine(session.engine, {
      lifetimes,
      database,
      redisUrl: settings.redis.url,
      storageTimeoutMs: session.storageTimeoutMs,
      limitPerUser: session.limitPerUser,
      onExpired: (batch) => leniently(() => accounts?.recordExpired(batch)),
      onEvicted: (sessions) => leniently(() => accounts?.recordEvicted(sessions)),
    });
    const engine = withDeadline(storage, session.engine === 'redis' ? session.storageTimeoutMs : PATIENCE_MS);
    try {
      accounts = createAccounts({
        database,
        hashing: { peppers: settings.passwordPeppers },
        sessions: engine.inDatabase ? undefined : engine,
      });
      return await work({ settings, database, accounts, engine, summarise: (live) => summarise(live, lifetimes) });
    } finally {
      await storage.close();
    }
  } finally {
    await database.close();
  }
}

/** The accounts, whose changes end sessions wherever these are. */
export const withAccounts = <T>(work: (local: Local) => Promise<T>): Promise<T> => withLocal(work);

/** Opening a SQLite file makes it: a mistyped DATABASE_URL would leave an empty one behind. */
export function requireDatabaseFile({ database }: Settings): void {
  if (database.provider !== 'sqlite' || existsSync(database.file)) return;
  throw new Failure('NO_DATABASE', `There is no database at ${database.file}. Make it: gatehouse migrate`);
}
