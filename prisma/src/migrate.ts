import { DriverAdapterError, type SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { Database } from './database.ts';
import { MigrationError } from './migration-error.ts';
import { dialectOf } from './dialect-of.ts';
import type { LockedConnection, MigrationDialect } from './migration-dialect.ts';
import { migrationsFolder, readMigrations, type Migration } from './migration-files.ts';
import { pendingOf, readHistory, recordEnd, recordMigration } from './migration-history.ts';
import { withConnection } from './with-connection.ts';

export interface MigrateOptions {
  /** Where the migrations are. Default: migrations/<provider> of this package. */
  folder?: string;
}

/**
 * Applies what is pending, as `prisma migrate deploy` does, and returns the names. Two processes at once: one applies,
 * the other waits and finds nothing to do. Throws MigrationError; what was applied before it stays.
 */
export async function migrate(database: Database, options: MigrateOptions = {}): Promise<{ applied: string[] }> {
  const migrations = readMigrations(options.folder ?? migrationsFolder(database.provider));
  const dialect = await dialectOf(database.provider);
  const applied: string[] = [];
  await withConnection(database, async (connection) => {
    if ((await pendingOn(connection, dialect, migrations)).length === 0) return;
    for (let name = await applyNext(connection, dialect, migrations); name; name = await applyNext(connection, dialect, migrations))
      applied.push(name);
  });
  return { applied };
}

/** The names of the migrations that `migrate` would apply. Changes nothing. Throws MigrationError where it would. */
export async function pendingMigrations(database: Database, options: MigrateOptions = {}): Promise<string[]> {
  const migrations = readMigrations(options.folder ?? migrationsFolder(database.provider));
  const dialect = await dialectOf(database.provider);
  return withConnection(database, async (connection) => (await pendingOn(connection, dialect, migrations)).map(({ name }) => name));
}

async function pendingOn(connection: SqlDriverAdapter, dialect: MigrationDialect, migrations: readonly Migration[]): Promise<Migration[]> {
  try {
    return pendingOf(migrations, await readHistory(connection));
  } catch (error) {
    if (dialect.transactional || !(error instanceof MigrationError)) throw error;
    // What is begun and not finished may be under way in another process: under the lock it is not.
    return dialect.withLock(connection, async (locked) => pendingOf(migrations, await readHistory(locked)));
  }
}

/** What is pending is asked again under the lock: another process may have been first. */
const applyNext = (
  connection: SqlDriverAdapter,
  dialect: MigrationDialect,
  migrations: readonly Migration[],
): Promise<string | undefined> =>
  dialect.transactional ? applyWhole(connection, dialect, migrations) : applyRecorded(connection, dialect, migrations);

async function nextOf(
  locked: LockedConnection,
  { historyTable }: MigrationDialect,
  migrations: readonly Migration[],
): Promise<Migration | undefined> {
  await locked.runScript(historyTable);
  return pendingOf(migrations, await readHistory(locked))[0];
}

/** In one transaction with its record. */
async function applyWhole(
  connection: SqlDriverAdapter,
  dialect: MigrationDialect,
  migrations: readonly Migration[],
): Promise<string | undefined> {
  let next: Migration | undefined;
  const { parameter } = dialect;
  const startedAt = new Date();
  try {
    return await dialect.withLock(connection, async (locked) => {
      next = await nextOf(locked, dialect, migrations);
      if (!next) return undefined;
      await locked.runScript(next.script);
      await recordMigration(locked, next, { parameter, outcome: { startedAt, endedAt: new Date() } });
      return next.name;
    });
  } catch (error) {
    if (!next || error instanceof MigrationError) throw error;
    const failed = next;
    const logs = messageOf(error);
    await dialect
      .withLock(connection, async (locked) => {
        await locked.runScript(dialect.historyTable);
        await recordMigration(locked, failed, { parameter, outcome: { startedAt, endedAt: new Date(), logs, rolledBack: true } });
      })
      .catch(() => undefined);
    throw new MigrationError(failed.name, `failed and was rolled back: ${logs}. Mend its cause and migrate again.`, { cause: error });
  }
}

/** Where each change of a table stands at once: recorded when it begins, so that one that stops half-way is known by its row. */
async function applyRecorded(
  connection: SqlDriverAdapter,
  dialect: MigrationDialect,
  migrations: readonly Migration[],
): Promise<string | undefined> {
  const { parameter } = dialect;
  return dialect.withLock(connection, async (locked) => {
    const next = await nextOf(locked, dialect, migrations);
    if (!next) return undefined;
    const id = await recordMigration(locked, next, { parameter, outcome: { startedAt: new Date() } });
    try {
      await locked.runScript(next.script);
    } catch (error) {
      const logs = messageOf(error);
      await recordEnd(locked, id, { parameter, logs }).catch(() => undefined);
      throw new MigrationError(
        next.name,
        `failed half-way, and this database cannot roll that back: ${logs}. Take back by hand what it had done, set rolled_back_at of its row in _prisma_migrations, mend the cause and migrate again.`,
        { cause: error },
      );
    }
    await recordEnd(locked, id, { parameter });
    return next.name;
  });
}

const messageOf = (error: unknown): string => {
  if (error instanceof DriverAdapterError) return error.cause.originalMessage ?? error.message;
  return error instanceof Error ? error.message : String(error);
};
