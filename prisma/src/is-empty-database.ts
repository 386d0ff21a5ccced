import type { Database } from './database.ts';
import { withConnection } from './with-connection.ts';

/**
 * Whether a SQLite file has no tables: it is new. A database on a server never counts as empty, because somebody made it and decides who
 * creates tables in it. `migrate` creates the tables of an empty database at once, so a second process sees none or all of them.
 */
export async function isEmptyDatabase(database: Database): Promise<boolean> {
  if (database.provider !== 'sqlite') return false;
  return withConnection(database, async (connection) => {
    const { rows } = await connection.queryRaw({ sql: 'SELECT 1 FROM sqlite_schema LIMIT 1', args: [], argTypes: [] });
    return rows.length === 0;
  });
}
