import { readFileSync, writeFileSync } from 'node:fs';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { migrate, openDatabase } from '../src/index.ts';
import { dialectOf } from '../src/dialect-of.ts';
import { migrationsFolder, readMigrations } from '../src/migration-files.ts';
import { plain } from '../src/server/server-adapter.ts';
import type { EmptyDatabase, TestDatabase } from './test-databases.ts';

/** Creates all tables and the migration history in an empty database. */
type Fill = (url: string) => Promise<void>;

const fills = new Map<TestDatabase, Promise<Fill>>();

/**
 * A new database with all migrations. Only the first one in a worker is migrated, and the others are copies of it, because MariaDB allows
 * only one process per server to migrate at a time, and its schema changes wait for the disk.
 */
export async function migratedDatabase(on: TestDatabase): Promise<EmptyDatabase> {
  const fill = fills.get(on) ?? learn(on);
  fills.set(on, fill);
  const database = await on.create();
  await (
    await fill
  )(database.url);
  return database;
}

async function learn(on: TestDatabase): Promise<Fill> {
  const { url, drop } = await on.create();
  const database = await openDatabase(url);
  try {
    await migrate(database);
    if (on.provider !== 'sqlite') {
      const script = await withConnectionTo(url, on.provider === 'mysql' ? mysqlScript : postgresqlScript);
      return (other) => withConnectionTo(other, async (connection) => void (await connection.executeRaw(plain(script))));
    }
    await database.close();
    const bytes = readFileSync(fileOf(url));
    return (other) => Promise.resolve(writeFileSync(fileOf(other), bytes, { mode: 0o600 }));
  } finally {
    await database.close();
    await drop();
  }
}

const fileOf = (url: string): string => url.slice('file:'.length);

async function withConnectionTo<T>(url: string, work: (connection: SqlDriverAdapter) => Promise<T>): Promise<T> {
  const { adapter, close } = await openDatabase(url);
  const connection = await adapter.connect();
  try {
    return await work(connection);
  } finally {
    await connection.dispose();
    await close();
  }
}

const rowsOf = async (connection: SqlDriverAdapter, sql: string): Promise<string[][]> =>
  (await connection.queryRaw(plain(sql))).rows as string[][];

const HISTORY = ['id', 'checksum', 'finished_at', 'migration_name', 'logs', 'rolled_back_at', 'started_at', 'applied_steps_count'];

/** Recreates each table in its final form. */
async function mysqlScript(connection: SqlDriverAdapter): Promise<string> {
  const tables = await rowsOf(connection, "SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'");
  const statements: string[] = [];
  for (const [table] of tables) statements.push((await rowsOf(connection, `SHOW CREATE TABLE \`${table}\``))[0]?.[1] ?? '');
  const quoted = HISTORY.map((column) => `QUOTE(${column})`).join(", ', ', ");
  const history = await rowsOf(connection, `SELECT CONCAT(${quoted}) FROM _gatehouse_migrations`);
  return ['SET FOREIGN_KEY_CHECKS = 0', ...statements, insertHistory(history), 'SET FOREIGN_KEY_CHECKS = 1'].join(';\n');
}

/** Runs all migrations in one transaction. */
async function postgresqlScript(connection: SqlDriverAdapter): Promise<string> {
  const { historyTable } = await dialectOf('postgresql');
  const quoted = HISTORY.map((column) => `quote_nullable(${column})`).join(" || ', ' || ");
  const history = await rowsOf(connection, `SELECT ${quoted} FROM _gatehouse_migrations`);
  const scripts = readMigrations(migrationsFolder('postgresql')).map(({ script }) => script.trim().replace(/;$/, ''));
  return ['BEGIN', historyTable.replace(/;$/, ''), ...scripts, insertHistory(history), 'COMMIT'].join(';\n');
}

const insertHistory = (rows: readonly (readonly string[])[]): string =>
  `INSERT INTO _gatehouse_migrations (${HISTORY.join(', ')}) VALUES ${rows.map(([row]) => `(${row})`).join(', ')}`;
