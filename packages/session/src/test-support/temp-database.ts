import { migrate, openDatabase, type Database } from '@gatehouse/prisma';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** In memory where there is such a folder: these tests are about what is stored, not about disks. */
const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A migrated SQLite file in a folder of its own. */
export interface TempDatabase {
  /** One more connection to it, as another process has it. Closed by `dispose`. */
  connect(onQuery?: (sql: string) => void): Promise<Database>;
  dispose(): Promise<void>;
}

export async function createTempDatabase(): Promise<TempDatabase> {
  const folder = await mkdtemp(join(FOLDER, 'gatehouse-session-'));
  const connections: Database[] = [];

  async function connect(onQuery?: (sql: string) => void): Promise<Database> {
    const database = await openDatabase(`file:${join(folder, 'test.db')}`, onQuery ? { onQuery } : {});
    connections.push(database);
    return database;
  }

  await migrate(await connect());
  return {
    connect,
    async dispose() {
      await Promise.all(connections.map((database) => database.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
