import { sqltag as sql, type Sql } from '@prisma/client/runtime/client';
import type { Database } from './database.ts';
import type { Provider } from './provider.ts';

export interface SomeRows {
  readonly table: Sql;
  /** The column that tells its rows apart. */
  readonly key: Sql;
  readonly where: Sql;
  readonly limit: number;
}

/**
 * Deletes at most `limit` rows in one statement and returns how many, so that a table is cleared of any number of rows while no
 * statement takes long. What another process deletes at the same moment is left to it; 0: nothing is left but that.
 */
export const deleteSome = ({ prisma, provider }: Pick<Database, 'prisma' | 'provider'>, rows: SomeRows): Promise<number> =>
  prisma.$executeRaw(STATEMENT[provider](rows));

/** SQLite and PostgreSQL have no LIMIT in a DELETE; MySQL has no LIMIT in such a subquery. */
const STATEMENT: Readonly<Record<Provider, (rows: SomeRows) => Sql>> = {
  sqlite: ({ table, key, where, limit }) =>
    sql`DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${where} LIMIT ${limit})`,
  mysql: ({ table, where, limit }) => sql`DELETE FROM ${table} WHERE ${where} LIMIT ${limit}`,
  // As an array the rows are looked for once, whatever the planner thinks of an IN.
  postgresql: ({ table, key, where, limit }) =>
    sql`DELETE FROM ${table} WHERE ${key} = ANY(ARRAY(SELECT ${key} FROM ${table} WHERE ${where} LIMIT ${limit} FOR UPDATE SKIP LOCKED))`,
};
