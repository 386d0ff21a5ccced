import { DATABASES } from '@gatehouse/prisma/testing';
import { describe, expect, test } from 'vitest';
import { LIFETIMES } from '../../conformance/index.ts';
import { store } from '../../conformance/records.ts';
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
});
