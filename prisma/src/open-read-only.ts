import { existsSync } from 'node:fs';
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import { DatabaseOpenError } from './database-open-error.ts';
import { openDatabase } from './open-database.ts';
import { providerOf, type Provider } from './provider.ts';
import { sqlitePath } from './sqlite/sqlite-path.ts';

/** Another program's database, which is read and never written. */
export interface ReadOnlyDatabase {
  readonly provider: Provider;
  /** A table or column as the database wants it quoted. */
  quoted(name: string): string;
  /** Each `?` stands for an argument. A row is its values in the order of `columns`. */
  select(sql: string, args?: readonly string[]): Promise<{ columns: string[]; rows: unknown[][] }>;
  close(): Promise<void>;
}

/**
 * Opens the database of a URL as `openDatabase` does, for reading alone: the database itself refuses a write. A SQLite file is
 * neither made nor put into another journal mode. One connection. `source`: where the address was given, for messages; default
 * `DATABASE_URL`. Throws DatabaseOpenError.
 */
export async function openReadOnly(url: string, { source = 'DATABASE_URL' }: { source?: string } = {}): Promise<ReadOnlyDatabase> {
  const provider = providerOf(url);
  const opening = provider === 'sqlite' ? readSqlite(url) : readServer(url);
  const { connection, close } = await opening.catch((error: unknown) => {
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
      const { columnNames, rows } = await connection.queryRaw({ sql: text, args: [...args], argTypes });
      return { columns: columnNames, rows };
    },
    close,
  };
}

interface Reading {
  readonly connection: SqlDriverAdapter;
  readonly close: () => Promise<void>;
}

async function readSqlite(url: string): Promise<Reading> {
  const path = sqlitePath(url);
  if (!existsSync(path)) throw new DatabaseOpenError(url, `there is no file ${path}.`);
  const { PrismaBetterSqlite3 } = await import('@prisma/adapter-better-sqlite3');
  try {
    const connection = await new PrismaBetterSqlite3({ url: path, readonly: true, fileMustExist: true }).connect();
    await connection.queryRaw({ sql: 'SELECT count(*) FROM sqlite_schema', args: [], argTypes: [] });
    return { connection, close: () => connection.dispose() };
  } catch (cause) {
    throw new DatabaseOpenError(url, `${path} is not a SQLite database, or may not be read by this user.`, { cause });
  }
}

async function readServer(url: string): Promise<Reading> {
  const database = await openDatabase(url);
  const connection = await database.adapter.connect();
  const close = async (): Promise<void> => {
    await connection.dispose();
    await database.close();
  };
  try {
    const readOnly = database.provider === 'mysql' ? 'SET SESSION TRANSACTION READ ONLY' : 'SET default_transaction_read_only = on';
    await connection.executeRaw({ sql: readOnly, args: [], argTypes: [] });
    return { connection, close };
  } catch (error) {
    await close();
    throw error;
  }
}
