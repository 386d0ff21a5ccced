import { isDatabaseUnavailable, openDatabase, type Database } from '@gatehouse/prisma';
import { sql, type Sql } from '@gatehouse/prisma/sql';
import { DATABASES, SQLITE } from '@gatehouse/prisma/testing';
import { describe, expect, test } from 'vitest';
import { LIFETIMES } from '../../conformance/index.ts';
import { store, storeMany } from '../../conformance/records.ts';
import { databaseAccounts } from '../../test-support/database-accounts.ts';
import { createTempDatabase } from '../../test-support/temp-database.ts';
import { createTestClock } from '../../test-support/test-clock.ts';
import { dbCount } from './count-live.ts';
import { openDbEngine } from './db-engine.ts';

describe.each(DATABASES)('db on $name', (on) => {
  test.skipIf(!on.available)('a large table is counted in slices, with the same result', { timeout: 60_000 }, async () => {
    const clock = createTestClock();
    const testDatabase = await createTempDatabase(on);
    try {
      const statements: string[] = [];
      const database = await testDatabase.connect((statement) => statements.push(statement));
      const engine = openDbEngine({ database, lifetimes: LIFETIMES, now: clock.now });
      const accounts = databaseAccounts(database.prisma);
      const users = await Promise.all(Array.from({ length: 6 }, () => accounts.create()));
      const [suspended, reset] = users;
      if (!suspended || !reset) throw new Error('no users');
      await store({ clock }, engine, { user: users[2] });
      await store({ clock }, engine);
      clock.advance(LIFETIMES.ageMs);
      // The second of each pair begins a slice of two rows, and one user has more sessions than a slice.
      for (const user of [...users, ...users.slice(2), users[3], users[3], users[3]]) await store({ clock }, engine, { user });
      for (let count = 0; count < 5; count += 1) {
        await store({ clock }, engine);
        clock.advance(count % 2);
      }
      await accounts.suspend(suspended.user.id);
      await accounts.raiseEpoch(reset.user.id);

      const expected = { sessions: 4 + 4 + 3 + 5, users: 4 };
      expect(await engine.count()).toEqual(expected);
      for (const slice of [1, 2, 3]) {
        statements.length = 0;
        expect(await dbCount({ prisma: database.prisma, lifetimes: LIFETIMES, now: clock.now, slice })()).toEqual(expected);
        expect(statements.length).toBeGreaterThan(6);
      }
    } finally {
      await testDatabase.dispose();
    }
  });

  test.skipIf(!on.available || on === SQLITE)('a slice that takes longer than a statement may is counted in smaller ones', async () => {
    const clock = createTestClock();
    const testDatabase = await createTempDatabase(on);
    const hasty = await openDatabase(testDatabase.url, { statementTimeoutMs: 50 });
    try {
      const database = await testDatabase.connect();
      const engine = openDbEngine({ database, lifetimes: LIFETIMES, now: clock.now });
      const accounts = databaseAccounts(database.prisma);
      const users = await Promise.all(Array.from({ length: 3 }, () => accounts.create()));
      for (const user of users) await storeMany({ clock }, engine, 150, { user });
      const late = on.provider === 'mysql' ? sql`SELECT SLEEP(30)` : sql`SELECT 1 FROM pg_sleep(30)`;
      /** As a busy server: every statement over more than 300 rows runs into its limit. */
      let timeouts = 0;
      const $queryRaw = (async (query: Sql) => {
        if (query.text.includes('OFFSET') && Number(query.values.at(-1)) >= 300) {
          timeouts += 1;
          return hasty.prisma.$queryRaw(late);
        }
        return database.prisma.$queryRaw(query);
      }) as Database['prisma']['$queryRaw'];
      const prisma = { $queryRaw } as Database['prisma'];
      const counted = await dbCount({ prisma, lifetimes: LIFETIMES, now: clock.now, slice: 400 })();
      expect({ counted, hasTimedOut: timeouts > 0 }).toEqual({ counted: { sessions: 450, users: 3 }, hasTimedOut: true });

      const never = {
        $queryRaw: ((query: Sql) => (query.text.includes('OFFSET') ? hasty.prisma.$queryRaw(late) : $queryRaw(query))) as never,
      };
      await expect(
        dbCount({ prisma: never as unknown as Database['prisma'], lifetimes: LIFETIMES, now: clock.now, slice: 400 })(),
      ).rejects.toSatisfy(isDatabaseUnavailable);
    } finally {
      await hasty.close();
      await testDatabase.dispose();
    }
  });
});
