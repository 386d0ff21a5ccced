import type { Database } from '@gatehouse/prisma';
import { LIFETIMES, type TestAccounts } from '../conformance/engine-fixture.ts';
import type { Engine } from '../engine-port.ts';
import { createCachedDbEngine } from '../engines/cached-db/cached-db.ts';
import type { Monotonic } from '../engines/cached-db/write-lease.ts';
import { openDbEngine } from '../engines/db/db-engine.ts';
import { openRedis } from '../engines/redis/connection.ts';
import { databaseAccounts } from './database-accounts.ts';
import { startRedis, type RedisServer } from './redis-server.ts';
import { createTempDatabase } from './temp-database.ts';
import { createTestClock } from './test-clock.ts';

/** A call of a process to Redis or the database, which a test may delay, fail or follow up. */
export type OnCall = (name: string, call: () => Promise<unknown>, storage: 'redis' | 'database') => Promise<unknown>;

export interface ProcessOptions {
  readonly onCall?: OnCall;
  readonly maxAgeMs?: number;
  readonly monotonic?: Monotonic;
  readonly limitPerUser?: number;
}

export interface CachedDbProcesses {
  readonly server: RedisServer;
  readonly database: Database;
  readonly accounts: TestAccounts;
  readonly clock: ReturnType<typeof createTestClock>;
  /** All database queries of the processes. */
  readonly statements: string[];
  /** Starts another process. */
  open(options?: ProcessOptions): Engine;
  dispose(): Promise<void>;
}

const passOn: OnCall = (_name, call) => call();

const around = <Target extends object>(target: Target, storage: 'redis' | 'database', onCall: OnCall): Target =>
  new Proxy(target, {
    get(object, name) {
      const method = Reflect.get(object, name) as unknown;
      if (typeof method !== 'function' || typeof name !== 'string') return method;
      return (...args: unknown[]) => onCall(name, () => Reflect.apply(method, object, args) as Promise<unknown>, storage);
    },
  });

/**
 * Processes of the `cached_db` engine on one SQLite file and their own Redis. `wait`: number of replicas to wait for;
 * there are none.
 */
export async function cachedDbProcesses({ wait = 0 }: { wait?: number } = {}): Promise<CachedDbProcesses> {
  const [server, storage] = await Promise.all([startRedis(), createTempDatabase()]);
  const connection = await openRedis(`${server.url}?wait=${wait}`);
  const statements: string[] = [];
  const [database, adminConnection] = [await storage.connect((statement) => statements.push(statement)), await storage.connect()];
  const clock = createTestClock();

  return {
    server,
    database,
    clock,
    statements,
    accounts: databaseAccounts(adminConnection.prisma),
    open({ onCall = passOn, maxAgeMs = 30_000, monotonic, limitPerUser } = {}) {
      // The engine spreads its db engine, which works with a proxy.
      const db = openDbEngine({ database, lifetimes: LIFETIMES, now: clock.now, limitPerUser });
      return createCachedDbEngine({
        db: around(db, 'database', onCall),
        redis: around(connection.commands, 'redis', onCall),
        replicated: around(connection.replicated, 'redis', onCall),
        prefix: 'copies:',
        lifetimes: LIFETIMES,
        now: clock.now,
        maxAgeMs,
        onConnectionError: undefined,
        close: () => Promise.resolve(),
        ...(monotonic && { monotonic }),
      });
    },
    async dispose() {
      await connection.close();
      await server.stop();
      await storage.dispose();
    },
  };
}
