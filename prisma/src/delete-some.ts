import { sqltag as sql, type Sql } from '@prisma/client/runtime/client';
import type { Database } from './database.ts';
import type { Provider } from './provider.ts';

export interface SomeRows {
  readonly table: Sql;
  /** The primary key column. */
  readonly key: Sql;
  readonly where: Sql;
  readonly limit: number;
}

/**
 * Deletes up to `limit` rows in one statement and returns how many, so that any number of rows can be deleted without long statements.
 * Rows that another process is deleting at the same time are skipped. 0 means that no other rows are left.
 */
export const deleteSome = ({ prisma, provider }: Pick<Database, 'prisma' | 'provider'>, rows: SomeRows): Promise<number> =>
  prisma.$executeRaw(STATEMENT[provider](rows));

/** SQLite and PostgreSQL do not support LIMIT in DELETE; MySQL does not support LIMIT in such a subquery. */
const STATEMENT: Readonly<Record<Provider, (rows: SomeRows) => Sql>> = {
  sqlite: ({ table, key, where, limit }) =>
    sql`DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${where} LIMIT ${limit})`,
  mysql: ({ table, where, limit }) => sql`DELETE FROM ${table} WHERE ${where} LIMIT ${limit}`,
  // With an array, the planner cannot choose to run the subquery more than once.
  postgresql: ({ table, key, where, limit }) =>
    sql`DELETE FROM ${table} WHERE ${key} = ANY(ARRAY(SELECT ${key} FROM ${table} WHERE ${where} LIMIT ${limit} FOR UPDATE SKIP LOCKED))`,
};
