import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { Database } from './database.ts';

/** A connection of its own for `work`, unbounded in time: see `Database.adapter`. */
export async function withConnection<T>({ adapter }: Database, work: (connection: SqlDriverAdapter) => Promise<T>): Promise<T> {
  const connection = await adapter.connect();
  try {
    return await work(connection);
  } finally {
    await connection.dispose();
  }
}
