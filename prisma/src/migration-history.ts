import { randomUUID } from 'node:crypto';
import { DriverAdapterError, type ArgType, type SqlDriverAdapter, type SqlQueryable } from '@prisma/driver-adapter-utils';
import { MigrationError } from './migration-error.ts';
import { isSameScript, type Migration } from './migration-files.ts';

/**
 * Prisma's own record of what was applied, so that `prisma migrate deploy` and this can take over from each other.
 * https://github.com/prisma/prisma-engines/blob/main/schema-engine/ARCHITECTURE.md#the-_prisma_migrations-table
 */
export const HISTORY_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
);`;

export interface HistoryRow {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

/** What was applied or has failed; attempts that were rolled back do not count. */
export async function readHistory(connection: SqlQueryable): Promise<HistoryRow[]> {
  const sql = 'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at';
  try {
    const { rows } = await connection.queryRaw({ sql, args: [], argTypes: [] });
    return rows.map(([name, checksum, finishedAt]) => ({ name: String(name), checksum: String(checksum), finished: finishedAt !== null }));
  } catch (error) {
    if (error instanceof DriverAdapterError && error.cause.kind === 'TableDoesNotExist') return [];
    throw error;
  }
}

/**
 * The migrations still to apply. Throws MigrationError where going on would be a guess: one that failed half-way,
 * or one whose file is no longer what was applied.
 */
export function pendingOf(migrations: readonly Migration[], history: readonly HistoryRow[]): Migration[] {
  const failed = history.find((row) => !row.finished);
  if (failed) {
    throw new MigrationError(
      failed.name,
      'was begun and not finished. Put the database right by hand or from a backup, then set rolled_back_at (or finished_at) of its row in _prisma_migrations.',
    );
  }
  return migrations.filter((migration) => {
    const row = history.find(({ name }) => name === migration.name);
    if (row && !isSameScript(migration, row.checksum)) {
      throw new MigrationError(
        migration.name,
        'was edited after it had been applied. Restore its file from version control, and put the change into a new migration.',
      );
    }
    return !row;
  });
}

const columns = {
  text: { scalarType: 'string', arity: 'scalar' },
  time: { scalarType: 'datetime', arity: 'scalar' },
  count: { scalarType: 'int', arity: 'scalar' },
} satisfies Record<string, ArgType>;

/** A finished migration, or, with `logs`, one that failed and was rolled back. */
export async function recordMigration(
  connection: SqlDriverAdapter,
  migration: Migration,
  outcome: { startedAt: Date; logs?: string },
): Promise<void> {
  const ended = new Date();
  const failed = outcome.logs !== undefined;
  await connection.executeRaw({
    sql: `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, rolled_back_at, logs, applied_steps_count)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    args: [
      randomUUID(),
      migration.checksum,
      migration.name,
      outcome.startedAt,
      failed ? null : ended,
      failed ? ended : null,
      outcome.logs ?? null,
      failed ? 0 : 1,
    ],
    argTypes: [columns.text, columns.text, columns.text, columns.time, columns.time, columns.time, columns.text, columns.count],
  });
}
