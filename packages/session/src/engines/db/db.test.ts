import { DATABASES } from '@gatehouse/prisma/testing';
import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { sql } from '@gatehouse/prisma/sql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineConformance, LIFETIMES } from '../../conformance/index.ts';
import { loadOf, store } from '../../conformance/records.ts';
import type { Engine } from '../../engine-port.ts';
import { databaseAccounts } from '../../test-support/database-accounts.ts';
import { dbFixtures } from '../../test-support/db-fixture.ts';
import { createTempDatabase, type TempDatabase } from '../../test-support/temp-database.ts';
import { createTestClock } from '../../test-support/test-clock.ts';
import { openDbEngine } from './db-engine.ts';

for (const on of DATABASES) {
  describe.skipIf(!on.available)('db', () => {
    const fixtures = dbFixtures(on);
    afterAll(fixtures.dispose);
    engineConformance(`on ${on.name}`, fixtures.open, byTier({ runs: 5 }, { runs: 10, only: 'random' as const }));

    test(`on ${on.name}, one of several concurrent sign-ins from a session wins, and ending the first session ends it`, async () => {
      const fixture = await fixtures.open();
      const [engine, other] = [await fixture.open(), await fixture.open()];
      for (let attempt = 0; attempt < byTier(6, 20); attempt += 1) {
        const before = await store(fixture, engine);
        const users = attempt % 2 ? [undefined, undefined, undefined] : await Promise.all([1, 2, 3].map(() => fixture.accounts.create()));
        const after = await Promise.all(users.map((user) => store(fixture, engine, { user })));
        const claims = await Promise.all(
          after.map(({ handle }, index) => (index % 2 ? engine : other).claim(before.handle, { successor: handle, expectedVersion: 1 })),
        );
        const winner = after[claims.findIndex(({ status }) => status === 'claimed')];
        expect(claims.map(({ status }) => status).toSorted()).toEqual(['claimed', 'taken', 'taken']);
        expect(claims.filter(({ status }) => status === 'taken')).toEqual(
          [1, 2].map(() => ({ status: 'taken', successor: winner?.handle, claimedAtMs: fixture.clock.now() })),
        );
        expect(await engine.destroy(before.handle)).toBe(true);
        expect((await engine.count()).sessions).toBe(2);
        await engine.destroyAll();
      }
      await fixture.dispose();
    });

    test(`on ${on.name}, a claim during an end is refused, or ends with the session`, async () => {
      const fixture = await fixtures.open();
      const [engine, other] = [await fixture.open(), await fixture.open()];
      for (let attempt = 0; attempt < byTier(20, 200); attempt += 1) {
        const before = await store(fixture, engine);
        const first = await store(fixture, engine);
        if (attempt % 2) await engine.claim(before.handle, { successor: first.handle });
        const second = await store(fixture, engine);
        const expected = attempt % 2 ? { expectedSuccessor: first.handle } : {};
        const [{ status }, ended] = await Promise.all([
          other.claim(before.handle, { successor: second.handle, ...expected }),
          engine.destroy(before.handle),
        ]);
        expect(ended).toBe(true);
        expect(['claimed', 'gone']).toContain(status);
        if (status === 'claimed') expect(await engine.find(second.handle)).toBeUndefined();
      }
      await fixture.dispose();
    });
  });
}

describe('db on SQLite', () => {
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
    ['rotated_at', 'once'],
    ['presented_at', 'later'],
  ])('semantics 42: %s = %j counts as signed out, is reported and removed', async (column, value) => {
    const record = await store({ clock }, engine);
    const { handle } = record;
    await prisma.$executeRaw(
      Object.assign(sql`${value}${handle}`, { strings: [`UPDATE gatehouse_session SET ${column} = `, ' WHERE handle = ', ''] }),
    );
    reported.length = 0;
    // A client that only knows the handle removes nothing.
    expect(await engine.load(handle, { secretHash: 'another' })).toEqual({ status: 'absent' });
    expect(reported).toEqual([]);
    expect(await loadOf(engine, record)).toEqual({ status: 'absent' });
    expect(reported).toEqual([handle, expect.any(Error)]);
    expect(await prisma.session.count({ where: { handle } })).toBe(0);
  });

  test('semantics 42: an unknown role counts as signed out, and the session stays for a version that knows it', async () => {
    const accounts = databaseAccounts(prisma);
    const owner = await accounts.create();
    const record = await store({ clock }, engine, { user: owner });
    await accounts.setRole(owner.user.id, 'emperor' as never);
    reported.length = 0;
    expect(await loadOf(engine, record)).toEqual({ status: 'absent' });
    expect(reported).toEqual([record.handle, expect.any(Error)]);
    await accounts.setRole(owner.user.id, 'admin');
    expect(await loadOf(engine, record)).toMatchObject({ status: 'live', user: { role: 'admin' } });
  });

  test('a re-authentication restarts every age, and activity read before does not undo that', async () => {
    const record = await store({ clock }, engine);
    clock.advance(1000);
    const timestamps = { ...record, createdAtMs: clock.now(), renewedAtMs: clock.now(), lastActivityAtMs: clock.now() };
    expect(await engine.update(record.handle, { expectedVersion: 1, timestamps, secrets: record })).toEqual({ status: 'updated' });
    expect(await engine.touch(record.handle, record)).toBe(true);
    expect(await engine.find(record.handle)).toMatchObject({ record: { createdAtMs: clock.now(), renewedAtMs: record.renewedAtMs } });
  });

  test('without a database the error says what to pass', () => {
    expect(() => openDbEngine({ lifetimes: LIFETIMES })).toThrow(/`database`/);
  });

  test('a load with nothing to write takes one statement; one with activity and a first presentation takes two', async () => {
    const record = await store({ clock }, engine, { presentedAtMs: null });
    statements.length = 0;
    clock.advance(LIFETIMES.activityIntervalMs);
    expect(await loadOf(engine, record, { ip: '::1', userAgent: 'x' })).toMatchObject({
      slid: true,
      record: { presentedAtMs: clock.now(), lastActivityAtMs: clock.now() },
    });
    expect(statements).toHaveLength(2);
    expect(await loadOf(engine, record, { ip: '::1', userAgent: 'x' })).toMatchObject({ slid: false });
    expect(statements).toHaveLength(3);
  });
});
