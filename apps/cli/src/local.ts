import { existsSync } from 'node:fs';
import type { Accounts } from '@gatehouse/accounts';
import type { Database } from '@gatehouse/prisma';
import type { Engine } from '@gatehouse/session';
import type { LiveSession } from '@gatehouse/session/engine';
import type { StorageWithAccounts } from '@gatehouse/server/open-storage';
import { engineEntry } from '@gatehouse/session/registry';
import { lifetimesOf, loadSettings, type Settings } from '@gatehouse/settings';
import { Failure } from './failure.ts';
import type { SessionSummary } from './session-summary.ts';
import { counted } from './terminal/counted.ts';
import { bestEffort } from './write-audit.ts';

/*
 * Database, accounts and engine are imported on use: `gatehouse whoami` loads none of them.
 */

/** What management commands work on: the storage of these settings, without a server. */
export interface Local {
  readonly settings: Settings;
  readonly database: Database;
  readonly accounts: Accounts;
}

export interface LocalSessions extends Local {
  readonly engine: Engine;
  readonly summarise: (session: LiveSession) => SessionSummary;
}

/** Longer than for a request, because no other request waits for it: counting a million sessions takes its time. */
const STATEMENT_TIMEOUT_MS = 30_000;

/** For commands about sessions. Sessions in the memory of a server cannot be reached. */
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

/** Opens database and session storage for one command and closes both. Refuses a database that does not exist or is not migrated. */
export async function withLocal<T>(work: (local: LocalSessions) => Promise<T>): Promise<T> {
  const settings = loadSettings();
  requireDatabaseFile(settings);
  const [{ openDatabase, pendingMigrations }, { openStorage }, { summarise }] = await Promise.all([
    import('@gatehouse/prisma'),
    import('@gatehouse/server/open-storage'),
    import('./summarise-session.ts'),
  ]);
  const database = await openDatabase(settings.database.url, { statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  try {
    const pending = await pendingMigrations(database);
    if (pending.length > 0) {
      throw new Failure('MIGRATIONS_PENDING', `The database lacks ${counted(pending.length, 'migration')}. Apply: gatehouse migrate`);
    }
    const { session } = settings;
    const opened: StorageWithAccounts = await openStorage({
      settings,
      database,
      timeoutMs: session.engine === 'redis' ? session.storageTimeoutMs : STATEMENT_TIMEOUT_MS,
      onExpired: (batch) => bestEffort(() => opened.accounts.recordExpired(batch)),
      onEvicted: (sessions) => bestEffort(() => opened.accounts.recordEvicted(sessions)),
    });
    const { storage, engine, accounts } = opened;
    try {
      const lifetimes = lifetimesOf(session);
      return await work({ settings, database, accounts, engine, summarise: (live) => summarise(live, lifetimes) });
    } finally {
      await storage.close();
    }
  } finally {
    await database.close();
  }
}

/** For commands about accounts. Their changes end sessions wherever they are stored. */
export const withAccounts = <T>(work: (local: Local) => Promise<T>): Promise<T> => withLocal(work);

/** Opening a SQLite file creates it, so a mistyped DATABASE_URL would leave an empty file. */
export function requireDatabaseFile({ database }: Settings): void {
  if (database.provider !== 'sqlite' || existsSync(database.file)) return;
  throw new Failure('NO_DATABASE', `There is no database at ${database.file}. Make it: gatehouse migrate`);
}
