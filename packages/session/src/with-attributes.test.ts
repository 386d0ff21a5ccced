import { DATABASES, SQLITE } from '@gatehouse/prisma/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import { loadOf, store } from './conformance/records.ts';
import type { Engine } from './engine-port.ts';
import { openEngine, type EngineName } from './registry.ts';
import { announcedAccounts } from './test-support/announced-accounts.ts';
import { databaseAccounts } from './test-support/database-accounts.ts';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from './test-support/redis-server.ts';
import { createTempDatabase, type TempDatabase } from './test-support/temp-database.ts';
import { createTestClock } from './test-support/test-clock.ts';

const CLIENT = { ip: null, userAgent: null };
const clock = createTestClock();

/** Two versions of an app: the later one has an additional field, and another field with other values. */
const BEFORE = z.object({ department: z.string().default('none'), nickname: z.string().optional() });
const AFTER = z.object({ department: z.enum(['sales', 'none']).default('none'), floor: z.int().default(0) });

const STORAGES = [
  ...DATABASES.map((on) => ({ engine: 'db' as EngineName, on, name: `db on ${on.name}`, redis: false, available: on.available })),
  { engine: 'redis' as EngineName, on: SQLITE, name: 'redis', redis: true, available: REDIS_AVAILABLE },
  { engine: 'cached_db' as EngineName, on: SQLITE, name: 'cached_db on SQLite', redis: true, available: REDIS_AVAILABLE },
];

describe.each(STORAGES.filter(({ available }) => available))('a rolling restart, $name', ({ engine: name, on, redis: needsRedis }) => {
  let storage: TempDatabase;
  let redis: RedisServer | undefined;
  let before: Engine;
  let after: Engine;
  beforeAll(async () => {
    [storage, redis] = await Promise.all([createTempDatabase(on), needsRedis ? startRedis() : undefined]);
    const open = async (attributes: typeof BEFORE | typeof AFTER): Promise<Engine> =>
      openEngine(name, { database: await storage.connect(), lifetimes: LIFETIMES, now: clock.now, redisUrl: redis?.url, attributes });
    [before, after] = [await open(BEFORE), await open(AFTER)];
  });
  afterAll(async () => {
    await Promise.all([before.close(), after.close()]);
    await Promise.all([storage.dispose(), redis?.stop()]);
  });

  test('two versions serve each other’s sessions, each with its own fields, and keep the other’s stored values', async () => {
    const database = await storage.connect();
    const accounts = databaseAccounts(database.prisma);
    const owner = await accounts.create();
    const { id } = owner.user;
    const sessions = [await store({ clock }, before, { user: owner }), await store({ clock }, after, { user: owner })];

    async function expectAttributes(ofBefore: object, ofAfter: object): Promise<void> {
      for (const record of sessions)
        for (const [engine, attributes] of [
          [before, ofBefore],
          [after, ofAfter],
          [before, ofBefore],
        ] as const) {
          for (const outcome of [await loadOf(engine, record, CLIENT), await loadOf(engine, record), await engine.find(record.handle)])
            expect(outcome).toHaveProperty('user', { ...owner.user, attributes });
          const { sessions: listed } = await engine.listByUser(id);
          expect(listed.map(({ user }) => user?.attributes)).toEqual([attributes, attributes]);
          expect((await engine.list({ limit: 10 })).sessions.map(({ user }) => user?.attributes)).toEqual([attributes, attributes]);
        }
    }

    await expectAttributes({ department: 'none' }, { department: 'none', floor: 0 });
    // A server of either version announces an account change.
    await announcedAccounts(accounts, before).storeAttributes(id, '{"department":"Sales","nickname":"A"}');
    await expectAttributes({ department: 'Sales', nickname: 'A' }, { department: 'none', floor: 0 });
    await announcedAccounts(accounts, after).storeAttributes(id, '{"department":"Sales","nickname":"A","floor":4}');
    await expectAttributes({ department: 'Sales', nickname: 'A' }, { department: 'none', floor: 4 });
    await announcedAccounts(accounts, before).storeAttributes(id, 'no JSON');
    await expectAttributes({ department: 'none' }, { department: 'none', floor: 0 });
    await before.destroyByUser(id);
  });
});

test('an engine does not open with a required field that existing accounts cannot have', async () => {
  const storage = await createTempDatabase();
  const attributes = z.object({ department: z.string() });
  const opening = openEngine('db', { database: await storage.connect(), lifetimes: LIFETIMES, attributes });
  await expect(opening).rejects.toThrow('The user attribute department must be optional or have a default');
  await storage.dispose();
});
