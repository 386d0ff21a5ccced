import { openDatabase, type Database } from '@gatehouse/prisma';
import { migratedDatabase, SQLITE, type TestDatabase } from '@gatehouse/prisma/testing';

/** A new, migrated database. */
export interface TempDatabase {
  readonly url: string;
  /** Opens another connection, like another process. `dispose` closes it. */
  connect(onQuery?: (sql: string) => void): Promise<Database>;
  dispose(): Promise<void>;
}

export async function createTempDatabase(on: TestDatabase = SQLITE): Promise<TempDatabase> {
  const { url, drop } = await migratedDatabase(on);
  const connections: Database[] = [];

  async function connect(onQuery?: (sql: string) => void): Promise<Database> {
    const database = await openDatabase(url, onQuery ? { onQuery } : {});
    connections.push(database);
    return database;
  }

  return {
    url,
    connect,
    async dispose() {
      await Promise.all(connections.map((database) => database.close()));
      await drop();
    },
  };
}
