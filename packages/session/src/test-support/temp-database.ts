import { openDatabase, type Database } from '@gatehouse/prisma';
import { migratedDatabase, SQLITE, type TestDatabase } from '@gatehouse/prisma/testing';

/** A migrated database of its own. */
export interface TempDatabase {
  readonly url: string;
  /** One more connection to it, as another process has it. Closed by `dispose`. */
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
