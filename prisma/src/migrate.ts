import { DriverAdapterError, type SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { Database } from './database.ts';
import { MigrationError } from './migration-error.ts';
import { dialectOf } from './dialect-of.ts';
import type { LockedConnection, MigrationDialect } from './migration-dialect.ts';
import { migrationsFolder, readMigrations, type Migration } from './migration-files.ts';
import { pendingOf, prepareHistory, readHistory, recordEnd, recordMigration } from './migration-history.ts';
import { explainRefusal } from './migration-refusal.ts';
import { withConnection } from './with-connection.ts';

export interface MigrateOptions {
  /** Where the migrations are. Default: migrations/<provider> of this package. */
  folder?: string;
}

/**
 * Applies pending migrations, like `prisma migrate deploy`, and returns their names. If two processes run it at the same time, one applies
 * them and the other waits. Throws MigrationError; migrations applied before the failed one stay applied.
 */
export async function migrate(database: Database, options: MigrateOptions = {}): Promise<{ applied: string[] }> {
  const migrations = readMigrations(options.folder ?? migrationsFolder(database.provider));
  const dialect = await dialectOf(database.provider);
  const applied: string[] = [];
  await withConnection(database, async (connection) => {
    const pending = await pendingOn(connection, dialect, migrations);
    if (pending.length === 0) return;
    if (pending.length === migrations.length) applied.push(...(await applyAllToNew(connection, dialect, migrations)));
    for (let name = await applyNext(connection, dialect, migrations); name; name = await applyNext(connection, dialect, migrations))
      applied.push(name);
  });
  return { applied };
}

/** The names of the migrations that `migrate` would apply. Changes nothing. Throws MigrationError if the history is inconsistent. */
export async function pendingMigrations(database: Database, options: MigrateOptions = {}): Promise<string[]> {
  const migrations = readMigrations(options.folder ?? migrationsFolder(database.provider));
  const dialect = await dialectOf(database.provider);
  return withConnection(database, async (connection) => (await pendingOn(connection, dialect, migrations)).map(({ name }) => name));
}

async function pendingOn(connection: SqlDriverAdapter, dialect: MigrationDialect, migrations: readonly Migration[]): Promise<Migration[]> {
  try {
    return pendingOf(migrations, await readHistory(connection, dialect, migrations));
  } catch (error) {
    if (dialect.transactional || !(error instanceof MigrationError)) throw error;
    // Another process may be applying the unfinished migration. Under the lock it cannot.
    return dialect.withLock(connection, async (locked) => pendingOf(migrations, await readHistory(locked, dialect, migrations)));
  }
}

/** Reads the pending migrations again under the lock, because another process may have applied them. */
const applyNext = (
  connection: SqlDriverAdapter,
  dialect: MigrationDialect,
  migrations: readonly Migration[],
): Promise<string | undefined> =>
  dialect.transactional ? applyWhole(connection, dialect, migrations) : applyRecorded(connection, dialect, migrations);

async function nextOf(
  locked: LockedConnection,
  dialect: MigrationDialect,
  migrations: readonly Migration[],
): Promise<Migration | undefined> {
  try {
    await prepareHistory(locked, dialect, migrations);
  } catch (error) {
    throw explainRefusal(error, migrations[0]?.name ?? '');
  }
  return pendingOf(migrations, await readHistory(locked, dialect, migrations))[0];
}

/**
 * Applies all migrations in one transaction if none is applied yet, so that a process that starts at the same time sees all or none of them.
 * If one fails, none is applied, and `migrate` then applies one at a time, which reports the one that fails.
 */
async function applyAllToNew(connection: SqlDriverAdapter, dialect: MigrationDialect, migrations: readonly Migration[]): Promise<string[]> {
  if (!dialect.transactional) return [];
  const { parameter } = dialect;
  try {
    return await dialect.withLock(connection, async (locked) => {
      await prepareHistory(locked, dialect, migrations);
      if ((await readHistory(locked, dialect, migrations)).length > 0) return [];
      for (const migration of migrations) {
        const startedAt = new Date();
        // oxlint-disable no-await-in-loop -- a migration needs those before it
        await locked.runScript(migration.script);
        await recordMigration(locked, migration, { parameter, outcome: { startedAt, endedAt: new Date() } });
        // oxlint-enable no-await-in-loop
      }
      return migrations.map(({ name }) => name);
    });
  } catch {
    return [];
  }
}

/** Applies a migration and records it in one transaction. */
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
    throw new MigrationError(failed.name, `failed and was rolled back: ${logs}. Fix the cause and migrate again.`, { cause: error });
  }
}

/** For databases that commit each schema change separately. Records a migration when it starts, so that one that fails halfway is detected. */
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
        `failed halfway, and this database cannot roll back schema changes: ${logs}. Undo its changes by hand, set rolled_back_at of its row in _gatehouse_migrations, fix the cause and migrate again.`,
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
