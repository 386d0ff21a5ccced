import { openDatabase, type Database } from '@gatehouse/prisma';
import { DATABASES, migratedDatabase, type TestDatabase } from '@gatehouse/prisma/testing';
import { openRedis } from '@gatehouse/session/redis';
import { REDIS_AVAILABLE, startRedis } from '@gatehouse/session/test-support/redis-server';
import type { BucketStore } from '../src/bucket-store.ts';
import { databaseStore } from '../src/database-store.ts';
import { redisStore } from '../src/redis-store.ts';

/** Shared by the tests of a file, because creating one takes longer than most tests. Each test clears it first. */
export interface TestStorage {
  /** Two stores on the same storage, as two processes have them. */
  readonly stores: readonly [BucketStore, BucketStore];
  readonly stop: () => Promise<void>;
}

export interface StorageKind {
  readonly name: string;
  readonly available: boolean;
  readonly start: (now: () => number) => Promise<TestStorage>;
}

const inDatabase = (on: TestDatabase): StorageKind => ({
  name: on.name,
  available: on.available,
  async start(now) {
    const { url, drop } = await migratedDatabase(on);
    const databases: [Database, Database] = [await openDatabase(url), await openDatabase(url)];
    return {
      stores: [databaseStore(databases[0], now), databaseStore(databases[1], now)],
      async stop() {
        await Promise.all(databases.map((database) => database.close()));
        await drop();
      },
    };
  },
});

const inRedis: StorageKind = {
  name: 'Redis',
  available: REDIS_AVAILABLE,
  async start(now) {
    const server = await startRedis();
    const connections = [await openRedis(server.url), await openRedis(server.url)] as const;
    const [one, other] = connections.map(({ commands }) => redisStore({ commands, prefix: 'test:' }, now)) as [BucketStore, BucketStore];
    return {
      stores: [one, other],
      async stop() {
        await Promise.all(connections.map((connection) => connection.close()));
        await server.stop();
      },
    };
  },
};

export const STORAGES: readonly StorageKind[] = [...DATABASES.map(inDatabase), inRedis];
