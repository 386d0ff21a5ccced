import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { Database } from './database.ts';

/** Runs `work` with a separate connection without timeouts: see `Database.adapter`. */
export async function withConnection<T>({ adapter }: Database, work: (connection: SqlDriverAdapter) => Promise<T>): Promise<T> {
  const connection = await adapter.connect();
  try {
    return await work(connection);
  } finally {
    await connection.dispose();
  }
}
