import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import { DatabaseOpenError } from '../database-open-error.ts';
import type { Connections, DriverOptions } from '../database.ts';
import { isBusy, whileBusy } from './busy.ts';
import { sqliteAdapter } from './sqlite-adapter.ts';
import { keepStatements, selectAtOnce } from './statement-cache.ts';
import { createDatabaseFile, sqlitePath } from './sqlite-path.ts';

/**
 * synchronous=FULL: a commit is on disk before it is acknowledged. With WAL, NORMAL would survive kill -9 too, but a power failure could undo
 * the last commits, such as a sign-out, and an ended session must stay ended. FULL costs one fsync per write (measured: 0.3 ms), and a session
 * is written about once a minute.
 * https://www.sqlite.org/pragma.html#pragma_synchronous
 */
const PRAGMAS = ['synchronous = FULL', 'foreign_keys = ON', 'journal_size_limit = 67108864'];

/** Opens connections to a SQLite file. Creates the file and its folder if they do not exist. @throws DatabaseOpenError */
export async function openSqlite(url: string, { busyTimeoutMs, onQuery }: DriverOptions): Promise<Connections> {
  const path = sqlitePath(url);
  createDatabaseFile(url, path);
  // The driver itself does not wait: see whileBusy.
  const driver = new PrismaBetterSqlite3({ url: path, timeout: 0 }, { timestampFormat: 'unixepoch-ms' });

  async function connect(): Promise<SqlDriverAdapter> {
    const connection = await driver.connect();
    try {
      await whileBusy(performance.now() + busyTimeoutMs, () => setUp(connection));
      return connection;
    } catch (error) {
      await connection.dispose();
      throw error;
    }
  }

  const factory: SqlMigrationAwareDriverAdapterFactory = {
    provider: 'sqlite',
    adapterName: driver.adapterName,
    async connect() {
      const [single, transactional] = [await connect(), await connect()];
      const select = selectAtOnce(single, onQuery);
      for (const connection of [single, transactional]) keepStatements(connection);
      return { ...sqliteAdapter(single, transactional, { busyTimeoutMs, onQuery }), selectAtOnce: select };
    },
    connectToShadowDb: () => driver.connectToShadowDb(),
  };

  try {
    const probe = await factory.connect();
    await probe.dispose();
  } catch (error) {
    throw new DatabaseOpenError(url, sqliteProblem(error, path), { cause: error });
  }
  return { adapter: factory, maintenance: factory };
}

async function setUp(connection: SqlDriverAdapter): Promise<void> {
  // Returns the resulting mode. A file system without shared memory, such as a network share, does not support WAL.
  const { rows } = await connection.queryRaw({ sql: 'PRAGMA journal_mode = WAL', args: [], argTypes: [] });
  if (rows[0]?.[0] !== 'wal') throw new WalRefused();
  for (const pragma of PRAGMAS) await connection.executeScript(`PRAGMA ${pragma}`);
}

class WalRefused extends Error {}

function sqliteProblem(error: unknown, path: string): string {
  if (error instanceof WalRefused) {
    return `the file system of ${path} does not support shared memory, which write-ahead logging needs. Set DATABASE_URL to a local disk.`;
  }
  if (isBusy(error)) return `another program holds a lock on ${path}. Stop that program, or try again when it is done.`;
  const { originalCode, originalMessage } = (error as { cause?: { originalCode?: string; originalMessage?: string } }).cause ?? {};
  const code = originalCode ?? (error as { code?: string }).code ?? '';
  if (code === 'SQLITE_NOTADB') return `${path} is not a SQLite database. Move it away, or set DATABASE_URL to another file.`;
  if (code.startsWith('SQLITE_CORRUPT')) return `${path} is damaged. Restore it from a backup, or move it away to start with an empty one.`;
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')) {
    return `this user may not write ${path} or its folder. Grant write permission for both, or set DATABASE_URL to another path.`;
  }
  if (code === 'SQLITE_FULL') return `there is no space left for ${path}. Free some space, or set DATABASE_URL to another disk.`;
  return `SQLite says: ${originalMessage ?? (error instanceof Error ? error.message : String(error))}.`;
}
