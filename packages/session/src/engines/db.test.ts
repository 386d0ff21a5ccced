import { DATABASES } from '@gatehouse/prisma/testing';
import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { sqltag as sql } from '@prisma/client/runtime/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineConformance, LIFETIMES } from '../conformance/index.ts';
import { newRecord, store } from '../conformance/records.ts';
import type { Engine } from '../engine-port.ts';
import { databaseAccounts } from '../test-support/database-accounts.ts';
import { dbFixtures } from '../test-support/db-fixture.ts';
import { createTempDatabase, type TempDatabase } from '../test-support/temp-database.ts';
import { createTestClock } from '../test-support/test-clock.ts';
import { openDbEngine } from './db.ts';

for (const on of DATABASES) {
  describe.skipIf(!on.available)('db', () => {
    const fixtures = dbFixtures(on);
    afterAll(fixtures.dispose);
    engineConformance(`on ${on.name}`, fixtures.open, { runs: byTier(5, 25) });

    test(`on ${on.name}, of sign-ins that replace one session at the same moment, gone or not, one stays`, async () => {
      const fixture = await fixtures.open();
      const [engine, other] = [await fixture.open(), await fixture.open()];
      for (let attempt = 0; attempt < byTier(6, 20); attempt += 1) {
        const before = await store(fixture, engine);
        if (attempt % 2) await engine.destroy(before.key);
        const users = attempt % 3 ? [undefined, undefined, undefined] : await Promise.all([1, 2, 3].map(() => fixture.accounts.create()));
        const records = users.map((user) => newRecord(fixture, user ? { user } : {}));
        const created = records.map((record, index) => (index % 2 ? engine : other).create(record, { replaces: before.key }));
        expect(await Promise.all(created)).toEqual([true, true, true]);
        expect((await engine.count()).sessions).toBe(1);
        await engine.destroyAll();
      }
      await fixture.dispose();
    });
  });
}

describe('db on SQLite, on its own', () => {
  const clock = createTestClock();
  const statements: string[] = [];
  const reported: unknown[] = [];
  let file: TempDatabase;
  let prisma: Awaited<ReturnType<TempDatabase['connect']>>['prisma'];
  let engine: Engine;

  beforeAll(async () => {
    file = await createTempDatabase();
    ({ prisma } = await file.connect());
    const database = await file.connect((statement) => statements.push(statement));
    engine = openDbEngine({
      database,
      lifetimes: LIFETIMES,
      now: clock.now,
      onCorrupt: ({ handle, error }) => reported.push(handle, error),
    });
  });
  afterAll(() => file.dispose());

  test.each([
    ['data', 'null'],
    ['data', '[]'],
    ['data', '"text"'],
    ['data', ''],
    ['data', '{"half'],
    ['version', 'many'],
    ['created_at', 'yesterday'],
    ['expires_at', 'tomorrow'],
    ['renewed_at', ''],
    ['custom_age', 'old'],
    ['fixed_expiry', 'never'],
  ])('semantics 42: %s = %j is treated as signed out, reported, and removed', async (column, value) => {
    const { key, handle } = await store({ clock }, engine);
    await prisma.$executeRaw(
      Object.assign(sql`${value}${key}`, { strings: [`UPDATE gatehouse_session SET ${column} = `, ' WHERE session_key = ', ''] }),
    );
    reported.length = 0;
    expect(await engine.load(key)).toEqual({ status: 'absent' });
    expect(reported).toEqual([handle, expect.any(Error)]);
    expect(await prisma.session.count({ where: { key } })).toBe(0);
  });

  test('semantics 42: a role that this version does not know is treated as signed out, and the session stays for the version that does', async () => {
    const accounts = databaseAccounts(prisma);
    const owner = await accounts.create();
    const { key, handle } = await store({ clock }, engine, { user: owner });
    await accounts.setRole(owner.user.id, 'emperor' as never);
    reported.length = 0;
    expect(await engine.load(key)).toEqual({ status: 'absent' });
    expect(reported).toEqual([handle, expect.any(Error)]);
    await accounts.setRole(owner.user.id, 'admin');
    expect(await engine.load(key)).toMatchObject({ status: 'live', user: { role: 'admin' } });
  });
});
