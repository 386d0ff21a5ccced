import type { Database } from '@gatehouse/prisma';
import { SQLITE, type TestDatabase } from '@gatehouse/prisma/testing';
import { LIFETIMES, type EngineFixture } from '../conformance/engine-fixture.ts';
import { openDbEngine } from '../engines/db/db-engine.ts';
import { databaseAccounts } from './database-accounts.ts';
import { countStatements } from './count-statements.ts';
import { createTempDatabase, type TempDatabase } from './temp-database.ts';
import { createTestClock } from './test-clock.ts';
import { recordEvents } from './engine-events.ts';
import { textOfRows } from './text-of-rows.ts';

export interface DbFixtures {
  /** Returns an empty database. Only one at a time, because it is reused. */
  open(): Promise<EngineFixture>;
  dispose(): Promise<void>;
}

/** The `db` engine on a test database. Connections are reused between tests, because opening them takes longer than most tests. */
export function dbFixtures(on: TestDatabase = SQLITE): DbFixtures {
  let storage: TempDatabase | undefined;
  let adminConnection: Database | undefined;
  const statements: string[] = [];
  const pool: Database[] = [];

  async function openFixture(): Promise<EngineFixture> {
    const testDatabase = (storage ??= await createTempDatabase(on));
    // A separate connection, so that queries of the test itself are not counted.
    const { prisma } = (adminConnection ??= await testDatabase.connect());
    await prisma.session.deleteMany();
    await prisma.lease.deleteMany();
    await prisma.user.deleteMany();
    await prisma.adoptionMark.deleteMany();
    const clock = createTestClock();
    const { events, hooks } = recordEvents();
    const accounts = databaseAccounts(prisma);
    let taken = 0;

    return {
      clock,
      accounts,
      // The engine reads accounts directly, so there is nothing to announce.
      source: accounts,
      ...events,

      async open({ limitPerUser, ...lifetimes } = {}) {
        const database = pool[taken] ?? (await testDatabase.connect((statement) => statements.push(statement.trim())));
        pool[taken++] = database;
        return openDbEngine({
          database,
          lifetimes: { ...LIFETIMES, ...lifetimes },
          now: clock.now,
          limitPerUser,
          ...hooks,
        });
      },

      count: (work) => countStatements(statements, work),

      dump: async () => textOfRows([await prisma.session.findMany(), await prisma.user.findMany(), await prisma.activity.findMany()]),

      async corrupt(handle) {
        await prisma.session.update({ where: { handle }, data: { data: '{"half' } });
      },

      damageUserCopy: () => Promise.resolve(),

      dispose: () => Promise.resolve(),
    };
  }

  return { open: openFixture, dispose: async () => storage?.dispose() };
}
