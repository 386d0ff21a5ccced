import { randomUUID } from 'node:crypto';
import { DriverAdapterError, type ArgType, type SqlQueryable } from '@prisma/driver-adapter-utils';
import { MigrationError } from './migration-error.ts';
import type { MigrationDialect } from './migration-dialect.ts';
import { isSameScript, type Migration } from './migration-files.ts';

type Parameter = MigrationDialect['parameter'];

export interface HistoryRow {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

// The history is stored in Prisma's format, so that `prisma migrate deploy` works on the same database.
// https://github.com/prisma/prisma-engines/blob/main/schema-engine/ARCHITECTURE.md#the-_prisma_migrations-table

/** Applied and failed migrations, without attempts that were rolled back. */
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
 * The pending migrations. Throws MigrationError if a migration failed halfway, or if its file was edited after it was applied.
 */
export function pendingOf(migrations: readonly Migration[], history: readonly HistoryRow[]): Migration[] {
  const failed = history.find((row) => !row.finished);
  if (failed) {
    throw new MigrationError(
      failed.name,
      'was started but not finished. Repair the database by hand or from a backup, then set rolled_back_at (or finished_at) of its row in _prisma_migrations.',
    );
  }
  return migrations.filter((migration) => {
    const row = history.find(({ name }) => name === migration.name);
    if (row && !isSameScript(migration, row.checksum)) {
      throw new MigrationError(
        migration.name,
        'was edited after it was applied. Restore its file from version control, and make the change in a new migration.',
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

/** The state of a migration, for its row in the history. */
export interface Outcome {
  readonly startedAt: Date;
  /** undefined while it runs. */
  readonly endedAt?: Date;
  /** Why it failed. */
  readonly logs?: string;
  /** Whether it failed and was rolled back. */
  readonly rolledBack?: boolean;
}

/** Inserts a row into the history and returns its id. */
export async function recordMigration(
  connection: SqlQueryable,
  migration: Migration,
  { parameter, outcome: { startedAt, endedAt, logs, rolledBack = false } }: { parameter: Parameter; outcome: Outcome },
): Promise<string> {
  const id = randomUUID();
  const failed = logs !== undefined;
  const values = Array.from({ length: 8 }, (_, index) => parameter(index + 1)).join(', ');
  await connection.executeRaw({
    sql: `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, rolled_back_at, logs, applied_steps_count)
      VALUES (${values})`,
    args: [
      id,
      migration.checksum,
      migration.name,
      startedAt,
      failed ? null : (endedAt ?? null),
      rolledBack ? (endedAt ?? null) : null,
      logs ?? null,
      failed || endedAt === undefined ? 0 : 1,
    ],
    argTypes: [columns.text, columns.text, columns.text, columns.time, columns.time, columns.time, columns.text, columns.count],
  });
  return id;
}

/** Records the end of a migration. A failed one stays unfinished, as in Prisma. */
export async function recordEnd(
  connection: SqlQueryable,
  id: string,
  { parameter, logs }: { parameter: Parameter; logs?: string },
): Promise<void> {
  const [column, value, type] = logs === undefined ? ['finished_at', new Date(), columns.time] : ['logs', logs, columns.text];
  await connection.executeRaw({
    sql: `UPDATE _prisma_migrations SET ${column} = ${parameter(1)}, applied_steps_count = ${parameter(2)} WHERE id = ${parameter(3)}`,
    args: [value, logs === undefined ? 1 : 0, id],
    argTypes: [type, columns.count, columns.text],
  });
}
