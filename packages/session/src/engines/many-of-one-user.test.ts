import { DATABASES } from '@gatehouse/prisma/testing';
import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { afterEach, describe, expect, test } from 'vitest';
import { LIFETIMES, type TestUser } from '../conformance/engine-fixture.ts';
import { loadOf, newRecord, store } from '../conformance/records.ts';
import type { Engine, SessionRecord } from '../engine-port.ts';
import { databaseAccounts } from '../test-support/database-accounts.ts';
import { REDIS_AVAILABLE, startRedis } from '../test-support/redis-server.ts';
import { createTempDatabase } from '../test-support/temp-database.ts';
import { createTestClock } from '../test-support/test-clock.ts';
import { databaseUsers } from './db/database-users.ts';
import { openDbEngine } from './db/db-engine.ts';
import { toColumns } from './db/rows.ts';
import { openRedisEngine } from './redis/open-redis-engine.ts';

/** More than one statement or script ends. */
const MANY = byTier(2000, 15_000);
const CHUNK = 500;

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

type Clock = ReturnType<typeof createTestClock>;

/** Stores sessions in chunks and returns the last one. */
async function storeMany(engine: Engine, owner: TestUser, clock: Clock, put: (chunk: SessionRecord[]) => Promise<unknown>) {
  let last: SessionRecord | undefined;
  for (let stored = 0; stored < MANY; stored += CHUNK) {
    const chunk = await Promise.all(Array.from({ length: CHUNK }, () => newRecord({ clock }, engine, { user: owner })));
    await put(chunk);
    last = chunk.at(-1);
  }
  return last as SessionRecord;
}

async function endsAllBut(engine: Engine, owner: TestUser, other: TestUser, clock: Clock, last: SessionRecord) {
  const [kept, others] = [await store({ clock }, engine, { user: owner }), await store({ clock }, engine, { user: other })];
  expect(await engine.destroyByUser(owner.user.id, { exceptHandle: kept.handle })).toBe(MANY);
  expect(await loadOf(engine, last)).toEqual({ status: 'absent' });
  expect((await engine.listByUser(owner.user.id)).sessions.map(({ record }) => record.handle)).toEqual([kept.handle]);
  for (const record of [kept, others]) expect(await loadOf(engine, record)).toMatchObject({ status: 'live' });
  expect(await engine.destroyByUser(owner.user.id)).toBe(1);
  expect(await loadOf(engine, kept)).toEqual({ status: 'absent' });
  expect(await loadOf(engine, others)).toMatchObject({ status: 'live' });
}

describe.each(DATABASES)('db on $name', (on) => {
  test.skipIf(!on.available)('all sessions of a user except one end at once, however many, in bounded statements', async () => {
    const place = await createTempDatabase(on);
    cleanUps.push(() => place.dispose());
    const statements: string[] = [];
    const [{ prisma }, database] = [await place.connect(), await place.connect((sql) => statements.push(sql.trim()))];
    const clock = createTestClock();
    const engine = openDbEngine({ database, lifetimes: LIFETIMES, now: clock.now });
    const accounts = databaseAccounts(prisma);
    const [owner, other] = [await accounts.create(), await accounts.create()];
    // Bypasses the engine, which creates one session at a time.
    const last = await storeMany(engine, owner, clock, (chunk) =>
      prisma.session.createMany({ data: chunk.map((record) => toColumns(record)) }),
    );
    await endsAllBut(engine, owner, other, clock, last);
    const deleting = statements.filter((statement) => statement.startsWith('DELETE') && statement.includes('credential_epoch <'));
    expect(deleting.length).toBeGreaterThan(0);
    for (const statement of deleting) expect(statement).toContain('LIMIT');
    // The credential epoch ended them, so a user whose password was checked before must sign in again.
    expect(await engine.create(await newRecord({ clock }, engine, { user: owner }))).toBe(false);
    expect(await engine.create(await newRecord({ clock }, engine, { user: { ...owner, credentialEpoch: 1 } }))).toBe(true);
    expect(await engine.count()).toEqual({ sessions: 2, users: 2 });
  });
});

test.skipIf(!REDIS_AVAILABLE)('redis: all sessions of a user except one end at once, however many, in bounded scripts', async () => {
  const server = await startRedis();
  cleanUps.push(() => server.stop());
  const place = await createTempDatabase();
  cleanUps.push(() => place.dispose());
  const { prisma } = await place.connect();
  const clock = createTestClock();
  const engine = await openRedisEngine({
    redisUrl: server.url,
    redisPrefix: 'many:',
    users: databaseUsers(prisma),
    storageTimeoutMs: 20_000,
    lifetimes: LIFETIMES,
    now: clock.now,
  });
  cleanUps.push(() => engine.close());
  const accounts = databaseAccounts(prisma);
  const [owner, other] = [await accounts.create(), await accounts.create()];
  const last = await storeMany(engine, owner, clock, (chunk) => Promise.all(chunk.map((record) => engine.create(record))));
  await endsAllBut(engine, owner, other, clock, last);
  // Background work finishes before the engine is closed, or does not matter.
  await expect.poll(() => engine.count()).toEqual({ sessions: 1, users: 1 });
});
