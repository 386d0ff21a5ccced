import { existsSync } from 'node:fs';
import type { Accounts } from '@gatehouse/accounts';
import type { Database } from '@gatehouse/prisma';
import type { Engine, LiveSession } from '@gatehouse/session';
import { lifetimesOf, loadSettings, type Settings } from '@gatehouse/settings';
import { Failure } from './failure.ts';
import type { SessionSummary } from './session-summary.ts';
import { counted } from './terminal/counted.ts';

/*
 * Database, accounts and engine are imported on use: `gatehouse whoami` loads none of them.
 */

/** What management commands work on: the database of these settings, without a server in between. */
export interface Local {
  readonly settings: Settings;
  readonly database: Database;
  readonly accounts: Accounts;
}

export interface LocalSessions extends Local {
  readonly engine: Engine;
  readonly summarise: (session: LiveSession) => SessionSummary;
}

/** Opens the database for one command and closes it. Refuses one that is not migrated, and makes none. */
export async function withAccounts<T>(work: (local: Local) => Promise<T>): Promise<T> {
  const settings = loadSettings();
  requireDatabaseFile(settings);
  const [{ openDatabase, pendingMigrations }, { createAccounts }] = await Promise.all([
    import('@gatehouse/prisma'),
    import('@gatehouse/accounts'),
  ]);
  const database = await openDatabase(settings.database.url);
  try {
    const pending = await pendingMigrations(database);
    if (pending.length > 0) {
      throw new Failure('MIGRATIONS_PENDING', `The database lacks ${counted(pending.length, 'migration')}. Apply: gatehouse migrate`);
    }
    return await work({ settings, database, accounts: createAccounts({ database }) });
  } finally {
    await database.close();
  }
}

/** The same with the engine that keeps the sessions. */
export const withSessions = <T>(work: (local: LocalSessions) => Promise<T>): Promise<T> =>
  withAccounts(async (local) => {
    const [{ openEngine, withDeadline }, { summarise }] = await Promise.all([
      import('@gatehouse/session'),
      import('./summarise-session.ts'),
    ]);
    const { session } = local.settings;
    const lifetimes = lifetimesOf(session);
    const engine = await openEngine(session.engine, { lifetimes, database: local.database });
    try {
      return await work({
        ...local,
        engine: withDeadline(engine, session.storageTimeoutMs),
        summarise: (live) => summarise(live, lifetimes),
      });
    } finally {
      await engine.close();
    }
  });

/** Opening a SQLite file makes it: a mistyped DATABASE_URL would leave an empty one behind. */
export function requireDatabaseFile({ database }: Settings): void {
  if (database.provider !== 'sqlite' || existsSync(database.file)) return;
  throw new Failure('NO_DATABASE', `There is no database at ${database.file}. Make it: gatehouse migrate`);
}
