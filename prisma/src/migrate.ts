import { DriverAdapterError, type SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { Database } from './database.ts';
import { MigrationError } from './migration-error.ts';
import { migrationsFolder, readMigrations, type Migration } from './migration-files.ts';
import { HISTORY_TABLE, pendingOf, readHistory, recordMigration } from './migration-history.ts';
import { runScript, withMigrationLock } from './sqlite/locked-migration.ts';

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
  const applied: string[] = [];
  await withConnection(database, async (connection) => {
    if (pendingOf(migrations, await readHistory(connection)).length === 0) return;
    for (let name = await applyNext(connection, migrations); name !== undefined; name = await applyNext(connection, migrations))
      applied.push(name);
  });
  return { applied };
}

/** The names of the migrations that `migrate` would apply. Changes nothing. Throws MigrationError where it would. */
export async function pendingMigrations(database: Database, options: MigrateOptions = {}): Promise<string[]> {
  const migrations = readMigrations(options.folder ?? migrationsFolder(database.provider));
  return withConnection(database, async (connection) => pendingOf(migrations, await readHistory(connection)).map(({ name }) => name));
}

/** What is pending is asked again under the lock: another process may have been first. */
async function applyNext(connection: SqlDriverAdapter, migrations: readonly Migration[]): Promise<string | undefined> {
  let next: Migration | undefined;
  const startedAt = new Date();
  try {
    return await withMigrationLock(connection, async () => {
      await connection.executeScript(HISTORY_TABLE);
      [next] = pendingOf(migrations, await readHistory(connection));
      if (!next) return undefined;
      await runScript(connection, next);
      await recordMigration(connection, next, { startedAt });
      return next.name;
    });
  } catch (error) {
    if (!next || error instanceof MigrationError) throw error;
    const failed = next;
    const logs = messageOf(error);
    await withMigrationLock(connection, async () => {
      await connection.executeScript(HISTORY_TABLE);
      await recordMigration(connection, failed, { startedAt, logs });
    }).catch(() => undefined);
    throw new MigrationError(failed.name, `failed and was rolled back: ${logs}. Mend its cause and migrate again.`, { cause: error });
  }
}

const messageOf = (error: unknown): string => {
  if (error instanceof DriverAdapterError) return error.cause.originalMessage ?? error.message;
  return error instanceof Error ? error.message : String(error);
};

async function withConnection<T>(database: Database, work: (connection: SqlDriverAdapter) => Promise<T>): Promise<T> {
  const connection = await database.adapter.connect();
  try {
    return await work(connection);
  } finally {
    await connection.dispose();
  }
}
