import { randomUUID } from 'node:crypto';
import type { ArgType, SqlQueryable } from '@prisma/driver-adapter-utils';
import { MigrationError } from './migration-error.ts';
import type { LockedConnection, MigrationDialect } from './migration-dialect.ts';
import { isSameScript, type Migration } from './migration-files.ts';

type Parameter = MigrationDialect['parameter'];

export interface HistoryRow {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

/**
 * Not `_prisma_migrations`: an app with its own Prisma schema in the same database has its migrations there, and `prisma migrate dev` offers
 * to reset a database whose history has migrations that are not in the app's folder.
 */
const TABLE = '_gatehouse_migrations';

/** Where earlier versions and `prisma migrate deploy` with our migrations have the history. The columns are the same. */
const PRISMA_TABLE = '_prisma_migrations';

/** Applied and failed migrations, without attempts that were rolled back. */
export async function readHistory(
  connection: SqlQueryable,
  dialect: MigrationDialect,
  migrations: readonly Migration[],
): Promise<HistoryRow[]> {
  const own = await readTable(connection, dialect, TABLE);
  return own.length > 0 ? own : (await readTable(connection, dialect, PRISMA_TABLE)).filter((row) => isOurs(row, migrations));
}

/** Creates the history table, and moves our rows out of Prisma's table. Call it under the lock. */
export async function prepareHistory(locked: LockedConnection, dialect: MigrationDialect, migrations: readonly Migration[]): Promise<void> {
  await locked.runScript(dialect.historyTable);
  if ((await readTable(locked, dialect, TABLE)).length > 0) return;
  const ours = (await readTable(locked, dialect, PRISMA_TABLE)).filter((row) => isOurs(row, migrations));
  // All copies first: if the process ends in between, the rest of Prisma's table is only not cleaned.
  for (const sql of [`INSERT INTO ${TABLE} (${COLUMNS}) SELECT ${COLUMNS} FROM ${PRISMA_TABLE}`, `DELETE FROM ${PRISMA_TABLE}`])
    for (const { id } of ours)
      // oxlint-disable-next-line no-await-in-loop -- one connection runs one statement at a time
      await locked.executeRaw({ sql: `${sql} WHERE id = ${dialect.parameter(1)}`, args: [id], argTypes: [columns.text] });
}

const COLUMNS = 'id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at, applied_steps_count';

/** An app may have a migration of the same name, but hardly of the same content. */
const isOurs = ({ name, checksum }: HistoryRow, migrations: readonly Migration[]): boolean =>
  migrations.some((migration) => migration.name === name && isSameScript(migration, checksum));

/** Empty if the table does not exist. PostgreSQL would abort the transaction of a query of a missing table, so ask first. */
async function readTable(connection: SqlQueryable, { tableExists }: MigrationDialect, table: string): Promise<StoredRow[]> {
  const found = await connection.queryRaw({ sql: tableExists, args: [table], argTypes: [columns.text] });
  if (found.rows.length === 0) return [];
  const sql = `SELECT id, migration_name, checksum, finished_at FROM ${table} WHERE rolled_back_at IS NULL ORDER BY started_at`;
  const { rows } = await connection.queryRaw({ sql, args: [], argTypes: [] });
  return rows.map(([id, name, checksum, finishedAt]) => ({
    id: String(id),
    name: String(name),
    checksum: String(checksum),
    finished: finishedAt !== null,
  }));
}

interface StoredRow extends HistoryRow {
  readonly id: string;
}

/**
 * The pending migrations. Throws MigrationError if a migration failed halfway, or if its file was edited after it was applied.
 */
export function pendingOf(migrations: readonly Migration[], history: readonly HistoryRow[]): Migration[] {
  const failed = history.find((row) => !row.finished);
  if (failed) {
    throw new MigrationError(
      failed.name,
      'was started but not finished. Repair the database by hand or from a backup, then set rolled_back_at (or finished_at) of its row in _gatehouse_migrations.',
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
    sql: `INSERT INTO ${TABLE} (id, checksum, migration_name, started_at, finished_at, rolled_back_at, logs, applied_steps_count)
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
    sql: `UPDATE ${TABLE} SET ${column} = ${parameter(1)}, applied_steps_count = ${parameter(2)} WHERE id = ${parameter(3)}`,
    args: [value, logs === undefined ? 1 : 0, id],
    argTypes: [type, columns.count, columns.text],
  });
}
