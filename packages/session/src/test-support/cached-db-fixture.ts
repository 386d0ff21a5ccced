import type { Database } from '@gatehouse/prisma';
import { LIFETIMES, type EngineFixture } from '../conformance/engine-fixture.ts';
import { createCachedDbEngine } from '../engines/cached-db/cached-db.ts';
import type { Lifetimes } from '../engine-port.ts';
import { openDbEngine } from '../engines/db/db-engine.ts';
import { openRedis, type RedisConnection } from '../engines/redis/connection.ts';
import { databaseAccounts } from './database-accounts.ts';
import type { DbFixtures } from './db-fixture.ts';
import { announcedAccounts } from './announced-accounts.ts';
import { dumpRedis, LONG_TIMEOUT, raw } from './redis-fixture.ts';
import { startRedis, type RedisServer } from './redis-server.ts';
import { countStatements } from './count-statements.ts';
import { createTempDatabase, type TempDatabase } from './temp-database.ts';
import { createTestClock } from './test-clock.ts';
import { recordEvents } from './engine-events.ts';
import { textOfRows } from './text-of-rows.ts';

/** The `cached_db` engine on SQLite and its own Redis. Counts database queries. */
export function cachedDbFixtures(): DbFixtures {
  let server: RedisServer | undefined;
  let storage: TempDatabase | undefined;
  let connection: RedisConnection | undefined;
  let adminConnection: Database | undefined;
  let observed: Database | undefined;
  const statements: string[] = [];
  let prefixes = 0;

  async function openFixture(): Promise<EngineFixture> {
    server ??= await startRedis();
    const testDatabase = (storage ??= await createTempDatabase());
    const redis = (connection ??= await openRedis(server.url, LONG_TIMEOUT));
    const behind = (adminConnection ??= await testDatabase.connect());
    const database = (observed ??= await testDatabase.connect((statement) => statements.push(statement.trim())));
    const { prisma } = behind;
    await prisma.session.deleteMany();
    await prisma.lease.deleteMany();
    await prisma.user.deleteMany();
    await prisma.adoptionMark.deleteMany();
    const prefix = `test${(prefixes += 1)}:`;
    const clock = createTestClock();
    const { events, hooks } = recordEvents();
    const accounts = databaseAccounts(prisma);

    const open = ({ limitPerUser, ...lifetimes }: Partial<Lifetimes> & { readonly limitPerUser?: number }) => {
      const options = {
        database,
        lifetimes: { ...LIFETIMES, ...lifetimes },
        now: clock.now,
        limitPerUser,
        ...hooks,
      };
      return createCachedDbEngine({
        lifetimes: options.lifetimes,
        now: clock.now,
        db: openDbEngine(options),
        redis: redis.commands,
        replicated: redis.replicated,
        prefix,
        maxAgeMs: 30_000,
        onConnectionError: undefined,
        close: () => Promise.resolve(),
      });
    };

    return {
      clock,
      ...events,
      source: accounts,
      accounts: announcedAccounts(accounts, open({})),
      open: (settings = {}) => Promise.resolve(open(settings)),

      count: (work) => countStatements(statements, work),

      dump: async () =>
        textOfRows([await prisma.session.findMany(), await prisma.user.findMany()]) + (await dumpRedis(redis.commands, prefix)),

      async corrupt(handle) {
        await prisma.session.update({ where: { handle }, data: { data: '{"half' } });
        await raw(redis.commands).flushDb();
      },

      async damageUserCopy(userId, text) {
        const { scanIterator, hGetAll, hSet } = raw(redis.commands);
        for await (const names of scanIterator.call(redis.commands, { MATCH: `{${prefix}cache}:c:*` }))
          for (const name of names)
            if ((await hGetAll.call(redis.commands, name))['u'] === userId) await hSet.call(redis.commands, name, 'n', text);
      },

      dispose: () => Promise.resolve(),
    };
  }

  return {
    open: openFixture,
    async dispose() {
      await connection?.close();
      await server?.stop();
      await storage?.dispose();
    },
  };
}
