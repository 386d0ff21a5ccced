import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '@gatehouse/prisma';
import { LIFETIMES } from '../../conformance/engine-fixture.ts';
import { newRecord, store } from '../../conformance/records.ts';
import type { Engine } from '../../engine-port.ts';
import { createTempDatabase, type TempDatabase } from '../../test-support/temp-database.ts';
import { createTestClock } from '../../test-support/test-clock.ts';
import { databaseAccounts } from '../../test-support/database-accounts.ts';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '../../test-support/redis-server.ts';
import { raw } from '../../test-support/redis-fixture.ts';
import { openDbEngine, type DbEngine } from '../db.ts';
import { openRedis, type RedisConnection } from '../redis/connection.ts';
import { createCachedDbEngine } from './cached-db.ts';

const VISIT = { ip: null, userAgent: null };
const clock = createTestClock();
const statements: string[] = [];
let server: RedisServer;
let connection: RedisConnection;
let storage: TempDatabase;
let database: Database;

/** One server process. `slowly` stands between the database's answer and what is made of it. */
function open(slowly: () => Promise<void> = () => Promise.resolve(), maxAgeMs = 30_000, through = database): Engine {
  const db = openDbEngine({ database: through, lifetimes: LIFETIMES, now: clock.now });
  const slowDb: DbEngine = {
    ...db,
    async load(key, visit) {
      const outcome = await db.load(key, visit);
      await slowly();
      return outcome;
    },
  };
  return createCachedDbEngine({
    db: slowDb,
    database: through,
    redis: connection.commands,
    replicated: connection.replicated,
    prefix: 'copies:',
    lifetimes: LIFETIMES,
    now: clock.now,
    maxAgeMs,
    onConnectionError: undefined,
    close: () => Promise.resolve(),
  });
}

/** The database as a process has it of which the first such call is a long time on its way. */
function withLate(call: '$executeRaw' | '$transaction', meanwhile: () => Promise<unknown>): Database {
  let isLate = true;
  const late = async (...args: unknown[]): Promise<unknown> => {
    if (isLate) {
      isLate = false;
      await meanwhile();
    }
    return Reflect.apply(database.prisma[call], database.prisma, args) as unknown;
  };
  const prisma = new Proxy(database.prisma, {
    get: (target, name) => (name === call ? late : (Reflect.get(target, name) as unknown)),
  });
  return { ...database, prisma };
}

describe.skipIf(!REDIS_AVAILABLE)('copies in a Redis of their own', () => {
  beforeAll(async () => {
    server = await startRedis();
    connection = await openRedis(server.url);
    storage = await createTempDatabase();
    database = await storage.connect((statement) => statements.push(statement));
  });
  afterAll(async () => {
    await connection.close();
    await server.stop();
    await storage.dispose();
  });
  beforeEach(() => raw(connection.commands).flushDb());

  test('a second read is answered from the copy, without a question to the database', async () => {
    const engine = open();
    const { key } = await store({ clock }, engine);
    await engine.load(key, VISIT);
    statements.length = 0;
    expect(await engine.load(key, VISIT)).toMatchObject({ status: 'live', slid: false });
    expect(statements).toEqual([]);
  });

  describe('semantics 40: a copy never outlives what ended its session, in another process neither', () => {
    const user = () => databaseAccounts(database.prisma).create();

    test.each<[string, (engine: Engine, session: { key: string; userId: string }) => Promise<unknown>]>([
      ['sign-out', (engine, { key }) => engine.destroy(key)],
      ['revoking a user', (engine, { userId }) => engine.destroyByUser(userId)],
      ['revoking all', (engine) => engine.destroyAll()],
    ])('%s', async (_name, end) => {
      const [here, there] = [open(), open()];
      const owner = await user();
      const { key } = await store({ clock }, here, { user: owner });
      await there.load(key, VISIT);
      await here.load(key, VISIT);
      await end(here, { key, userId: owner.user.id });
      expect((await there.load(key, VISIT)).status).toBe('absent');
      expect((await here.load(key, VISIT)).status).toBe('absent');
    });

    test.each<[string, (engine: Engine, session: { key: string; userId: string }) => Promise<unknown>]>([
      ['sign-out', (engine, { key }) => engine.destroy(key)],
      ['revoking a user', (engine, { userId }) => engine.destroyByUser(userId)],
      ['revoking all', (engine) => engine.destroyAll()],
    ])('%s, while a slow reader is about to make a copy of what it has read before', async (_name, end) => {
      const owner = await user();
      const engine = open();
      const { key } = await store({ clock }, engine, { user: owner });
      let ended = false;
      const slow = open(async () => {
        if (ended) return;
        ended = true;
        await end(engine, { key, userId: owner.user.id });
      });
      // It has read a live session, so it may answer; what it must not do is keep it.
      expect((await slow.load(key, VISIT)).status).toBe('live');
      expect((await engine.load(key, VISIT)).status).toBe('absent');
      expect((await slow.load(key, VISIT)).status).toBe('absent');
    });

    test('sign-out, while the session gets another id and a copy under that, twice', async () => {
      const owner = await user();
      const engine = open();
      const { key } = await store({ clock }, engine, { user: owner });
      const [second, third] = [newRecord({ clock }, { user: owner }), newRecord({ clock }, { user: owner })];
      const signingOut = open(
        undefined,
        undefined,
        withLate('$executeRaw', async () => {
          for (const record of [second, third]) {
            expect(await engine.create(record, { replaces: key, onlyIfLive: true })).toBe(true);
            await engine.load(record.key, VISIT);
          }
        }),
      );
      expect(await signingOut.destroy(key)).toBe(true);
      for (const record of [second, third]) expect((await engine.load(record.key, VISIT)).status).toBe('absent');
    });

    test('a sign-in, while another user signs in over the same session and gets a copy', async () => {
      const engine = open();
      const { key } = await store({ clock }, engine);
      const first = newRecord({ clock }, { user: await user() });
      const signingIn = open(
        undefined,
        undefined,
        withLate('$transaction', async () => {
          await engine.create(first, { replaces: key });
          await engine.load(first.key, VISIT);
        }),
      );
      const second = newRecord({ clock }, { user: await user() });
      expect(await signingIn.create(second, { replaces: key })).toBe(true);
      expect((await engine.load(first.key, VISIT)).status).toBe('absent');
      expect((await engine.load(second.key, VISIT)).status).toBe('live');
    });

    test('a change of data, while a slow reader is about to make a copy of what was before', async () => {
      const engine = open();
      const record = await store({ clock }, engine, {});
      let changed = false;
      const slow = open(async () => {
        if (changed) return;
        changed = true;
        await engine.update(record.key, { expectedVersion: 1, data: { next: '/new' }, clocks: record });
      });
      await slow.load(record.key, VISIT);
      expect(await engine.load(record.key, VISIT)).toMatchObject({ record: { data: { next: '/new' }, version: 2 } });
    });

    test('a changed role, while a slow reader is about to make a copy of the old one', async () => {
      const owner = await user();
      const engine = open();
      const { key } = await store({ clock }, engine, { user: owner });
      let changed = false;
      const slow = open(async () => {
        if (changed) return;
        changed = true;
        await databaseAccounts(database.prisma).setRole(owner.user.id, 'admin');
        await engine.userChanged({ ...owner.user, role: 'admin' });
      });
      await slow.load(key, VISIT);
      expect(await engine.load(key, VISIT)).toMatchObject({ user: { role: 'admin' } });
    });
  });

  test('semantics 40: losing all of Redis loses no session', async () => {
    const engine = open();
    const { key } = await store({ clock }, engine);
    await engine.load(key, VISIT);
    await raw(connection.commands).flushDb();
    expect((await engine.load(key, VISIT)).status).toBe('live');
  });

  test('semantics 40: a row that is deleted by hand is gone within the bound', async () => {
    const engine = open(undefined, 50);
    const { key } = await store({ clock }, engine);
    await engine.load(key, VISIT);
    await database.prisma.session.deleteMany({ where: { key } });
    await expect.poll(async () => (await engine.load(key, VISIT)).status, { interval: 10 }).toBe('absent');
  });

  test('a copy that is not one is passed over', async () => {
    const engine = open();
    const { key } = await store({ clock }, engine);
    for (const value of ['', '{', 'null', '[]', '{"era":"0"}', '{"era":"0","record":{"key":"other"}}']) {
      await connection.commands.set(`{copies:cache}:v:${key}`, value);
      expect((await engine.load(key, VISIT)).status).toBe('live');
    }
  });

  describe('Redis away', () => {
    test('semantics 40: reading goes on from the database; signing out is an error, and done again when Redis is back it holds', async () => {
      const away = await startRedis();
      const broken = await openRedis(away.url);
      const engine = createCachedDbEngine({
        db: openDbEngine({ database, lifetimes: LIFETIMES, now: clock.now }),
        database,
        redis: broken.commands,
        replicated: broken.replicated,
        prefix: 'away:',
        lifetimes: LIFETIMES,
        now: clock.now,
        maxAgeMs: 30_000,
        onConnectionError: undefined,
        close: () => Promise.resolve(),
      });
      const { key } = await store({ clock }, engine);
      await engine.load(key, VISIT);
      await away.stop();
      expect((await engine.load(key, VISIT)).status).toBe('live');
      await expect(engine.destroy(key)).rejects.toThrow();
      const back = await startRedis([], { port: away.port });
      await expect
        .poll(() =>
          engine.destroy(key).then(
            () => true,
            () => false,
          ),
        )
        .toBe(true);
      expect((await engine.load(key, VISIT)).status).toBe('absent');
      await broken.close();
      await back.stop();
    });
  });
});
