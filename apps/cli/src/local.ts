import { existsSync } from 'node:fs';
import type { Accounts } from '@gatehouse/accounts';
import type { Database } from '@gatehouse/prisma';
import type { Engine } from '@gatehouse/session';
import type { StorageWithAccounts } from '@gatehouse/server/open-storage';
import type { StoredSession } from '@gatehouse/session/engine';
import { engineEntry } from '@gatehouse/session/registry';
import { lifetimesOf, loadSettings, type Settings } from '@gatehouse/settings';
import { Failure } from './failure.ts';
import { createSummarize, type SessionSummary } from './session-summary.ts';
import { counted } from './terminal/counted.ts';
import { bestEffort } from './write-audit.ts';

// Database, accounts and engine are imported on use, because `gatehouse whoami` needs none of them.

/** What management commands use: the configured storage, without a server in between. */
export interface Local {
  readonly settings: Settings;
  readonly database: Database;
  readonly accounts: Accounts;
}

export interface LocalSessions extends Local {
  readonly engine: Engine;
  readonly summarize: (session: StoredSession) => SessionSummary;
}

/**
 * Time limit of a statement. It is much longer than a request's two seconds, because no request waits for a command: somebody who counts
 * a million sessions right after the database has started prefers waiting to an error.
 */
const STATEMENT_TIMEOUT_MS = 30_000;

/** For commands about sessions. @throws Failure OUT_OF_REACH if the sessions are in a server's memory */
export function withSessions<T>(work: (local: LocalSessions) => Promise<T>): Promise<T> {
  return withLocal(async (local) => {
    const { engine: name } = local.settings.session;
    if (engineEntry(name).sessionsIn === 'memory')
      throw new Failure(
        'OUT_OF_REACH',
        `With SESSION_ENGINE=${name}, sessions are in the memory of the server, where this command cannot reach them.`,
      );
    return work(local);
  });
}

/**
 * Opens database and session storage for one command, and closes both.
 * @throws Failure if the database does not exist or has pending migrations
 */
export async function withLocal<T>(work: (local: LocalSessions) => Promise<T>): Promise<T> {
  const settings = loadSettings();
  requireDatabaseFile(settings);
  const [{ openDatabase, pendingMigrations }, { openStorage }] = await Promise.all([
    import('@gatehouse/prisma'),
    import('@gatehouse/server/open-storage'),
  ]);
  const database = await openDatabase(settings.database.url, { statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  try {
    const pending = await pendingMigrations(database);
    if (pending.length > 0) {
      throw new Failure('MIGRATIONS_PENDING', `The database has ${counted(pending.length, 'pending migration')}. Apply: gatehouse migrate`);
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
      return await work({ settings, database, accounts, engine, summarize: await createSummarize(lifetimesOf(session)) });
    } finally {
      await storage.close();
    }
  } finally {
    await database.close();
  }
}

/** For commands about accounts. Their changes also end sessions, wherever these are stored. */
export const withAccounts = <T>(work: (local: Local) => Promise<T>): Promise<T> => withLocal(work);

/** Opening a SQLite file creates it, so a typo in DATABASE_URL would leave an empty file behind. */
export function requireDatabaseFile({ database }: Settings): void {
  if (database.provider !== 'sqlite' || existsSync(database.file)) return;
  throw new Failure(
    'NO_DATABASE',
    `There is no database at ${database.file}. If the app names its database in code, set DATABASE_URL to the same address, in .env or before this command. To create one: gatehouse migrate`,
  );
}
