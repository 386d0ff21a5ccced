import { existsSync } from 'node:fs';
import type { SqlDriverAdapter, SqlQuery, SqlResultSet } from '@prisma/driver-adapter-utils';
import { DatabaseOpenError } from './database-open-error.ts';
import { openDatabase } from './open-database.ts';
import { providerOf, type Provider } from './provider.ts';
import { plain } from './server/server-adapter.ts';
import { sqlitePath } from './sqlite/sqlite-path.ts';

/** The database of another program, opened for reading only. */
export interface ReadOnlyDatabase {
  readonly provider: Provider;
  /** Quotes a table or column name for this database. */
  quoted(name: string): string;
  /** Each `?` is replaced with an argument. A row contains its values in the order of `columns`. */
  select(sql: string, args?: readonly string[]): Promise<{ columns: string[]; rows: unknown[][] }>;
  close(): Promise<void>;
}

/**
 * Opens a database for reading with one connection; the database itself refuses writes. Does not create a SQLite file or change its journal
 * mode. `source` names the setting or flag with the address, for error messages. Default: `DATABASE_URL`. @throws DatabaseOpenError
 */
export async function openReadOnly(url: string, { source = 'DATABASE_URL' }: { source?: string } = {}): Promise<ReadOnlyDatabase> {
  const provider = providerOf(url);
  const opening = provider === 'sqlite' ? readSqlite(url) : readServer(url);
  const { read, close } = await opening.catch((error: unknown) => {
    throw DatabaseOpenError.naming(source, error);
  });
  return {
    provider: provider ?? 'sqlite',
    quoted(name) {
      const mark = provider === 'mysql' ? '`' : '"';
      return mark + name.replaceAll(mark, mark + mark) + mark;
    },
    async select(sql, args = []) {
      let position = 0;
      const text = provider === 'postgresql' ? sql.replaceAll('?', () => `$${(position += 1)}`) : sql;
      const argTypes = args.map(() => ({ scalarType: 'string' as const, arity: 'scalar' as const }));
      const { columnNames, rows } = await read({ sql: text, args: [...args], argTypes });
      return { columns: columnNames, rows };
    },
    close,
  };
}

interface Reader {
  readonly read: (query: SqlQuery) => Promise<SqlResultSet>;
  readonly close: () => Promise<void>;
}

async function readSqlite(url: string): Promise<Reader> {
  const path = sqlitePath(url);
  if (!existsSync(path)) throw new DatabaseOpenError(url, `there is no file ${path}.`);
  const { PrismaBetterSqlite3 } = await import('@prisma/adapter-better-sqlite3');
  try {
    const connection = await new PrismaBetterSqlite3({ url: path, readonly: true, fileMustExist: true }).connect();
    await connection.queryRaw({ sql: 'SELECT count(*) FROM sqlite_schema', args: [], argTypes: [] });
    return { read: (query) => connection.queryRaw(query), close: () => connection.dispose() };
  } catch (cause) {
    throw new DatabaseOpenError(url, `${path} is not a SQLite database, or this user may not read it.`, { cause });
  }
}

async function readServer(url: string): Promise<Reader> {
  const database = await openDatabase(url);
  const connection = await database.adapter.connect();
  const close = async (): Promise<void> => {
    await connection.dispose();
    await database.close();
  };
  try {
    if (database.provider === 'postgresql') return { read: (query) => readInTransaction(connection, query), close };
    await connection.executeRaw(plain('SET SESSION TRANSACTION READ ONLY'));
    return { read: (query) => connection.queryRaw(query), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A read-only session setting would stay on a pooler's connection, and its next user could not write. */
async function readInTransaction(connection: SqlDriverAdapter, query: SqlQuery): Promise<SqlResultSet> {
  const transaction = await connection.startTransaction();
  try {
    await transaction.executeRaw(plain('SET TRANSACTION READ ONLY'));
    return await transaction.queryRaw(query);
  } finally {
    await transaction.executeRaw(plain('ROLLBACK'));
    await transaction.rollback();
  }
}
