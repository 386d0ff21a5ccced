import { DATABASES } from '@gatehouse/prisma/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { LIFETIMES } from '../conformance/engine-fixture.ts';
import { loadOf, store } from '../conformance/records.ts';
import type { Engine, SessionRecord } from '../engine-port.ts';
import { databaseAccounts } from '../test-support/database-accounts.ts';
import { raw } from '../test-support/redis-fixture.ts';
import { REDIS_AVAILABLE, startRedis } from '../test-support/redis-server.ts';
import { createTempDatabase } from '../test-support/temp-database.ts';
import { createTestClock } from '../test-support/test-clock.ts';
import { openCopy } from './cached-db/copy.ts';
import { databaseUsers } from './db/database-users.ts';
import { openDbEngine } from './db/db-engine.ts';
import { openRedis } from './redis/connection.ts';
import { openRedisEngine } from './redis/open-redis-engine.ts';
import { isNewerFormat, NewerFormatError, RECORD_FORMAT } from './record-format.ts';

const NEWER = RECORD_FORMAT + 1;

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

interface Storage {
  readonly engine: Engine;
  readonly reported: (string | undefined)[];
  readonly clock: ReturnType<typeof createTestClock>;
  readonly accounts: ReturnType<typeof databaseAccounts>;
  /** Stores the format and the data as another version would. */
  write(handle: string, format: number, data: string): Promise<unknown>;
}

async function newDatabase(on?: (typeof DATABASES)[number]) {
  const place = await createTempDatabase(on);
  cleanUps.push(() => place.dispose());
  return place.connect();
}

async function onDatabase(on: (typeof DATABASES)[number]): Promise<Storage> {
  const database = await newDatabase(on);
  const { prisma } = database;
  const clock = createTestClock();
  const reported: (string | undefined)[] = [];
  return {
    engine: openDbEngine({ database, lifetimes: LIFETIMES, now: clock.now, onCorrupt: ({ handle }) => reported.push(handle) }),
    reported,
    clock,
    accounts: databaseAccounts(prisma),
    write: (handle, recordFormat, data) => prisma.session.update({ where: { handle }, data: { recordFormat, data } }),
  };
}

async function onRedis(): Promise<Storage> {
  const server = await startRedis();
  cleanUps.push(() => server.stop());
  const { prisma } = await newDatabase();
  const connection = await openRedis(server.url, { timeoutMs: 20_000 });
  cleanUps.push(() => connection.close());
  const clock = createTestClock();
  const reported: (string | undefined)[] = [];
  const engine = await openRedisEngine({
    redisUrl: server.url,
    redisPrefix: 'format:',
    users: databaseUsers(prisma),
    storageTimeoutMs: 20_000,
    lifetimes: LIFETIMES,
    now: clock.now,
    onCorrupt: ({ handle }) => reported.push(handle),
  });
  cleanUps.push(() => engine.close());
  const commands = raw(connection.commands);
  async function write(handle: string, format: number, data: string): Promise<void> {
    for await (const names of commands.scanIterator.call(connection.commands, { MATCH: `*${handle}*` }))
      for (const name of names)
        if ((await commands.hGetAll.call(connection.commands, name))['s'] !== undefined)
          for (const [field, value] of Object.entries({ fv: String(format), d: data, added: 'by another version' }))
            await commands.hSet.call(connection.commands, name, field, value);
  }
  return { engine, reported, clock, accounts: databaseAccounts(prisma), write };
}

const STORAGES = [
  ...DATABASES.map((on) => ({ name: `db on ${on.name}`, available: on.available, open: () => onDatabase(on) })),
  { name: 'redis', available: REDIS_AVAILABLE, open: onRedis },
];

describe.each(STORAGES)('a session that a newer version stored, on $name', ({ available, open }) => {
  test.skipIf(!available)(
    'is refused as unavailable, listed, and neither changed nor removed; the newer version continues with it',
    async () => {
      const storage = await open();
      const { engine } = storage;
      const owner = await storage.accounts.create();
      const record = await store(storage, engine, { user: owner, data: { cart: 1 } });
      await storage.write(record.handle, NEWER, '{"cart":2}');
      await expect(loadOf(engine, record)).rejects.toThrow(NewerFormatError);
      await expect(engine.find(record.handle)).rejects.toThrow(`in format ${NEWER}. This version reads format ${RECORD_FORMAT}`);
      expect(await loadOf(engine, { ...record, secretHash: 'x'.repeat(43) })).toEqual({ status: 'absent' });
      expect((await engine.listByUser(owner.user.id)).sessions.map((one) => one.record.handle)).toEqual([record.handle]);
      expect([...(await engine.peek([record.handle])).keys()]).toEqual([record.handle]);
      expect(storage.reported).toEqual([]);
      await storage.write(record.handle, RECORD_FORMAT, '{"cart":2}');
      expect(await loadOf(engine, record)).toMatchObject({ status: 'live', record: { data: { cart: 2 }, version: record.version } });
    },
  );

  test.skipIf(!available)('is kept if this version cannot read its data, and left out of lists', async () => {
    const storage = await open();
    const { engine } = storage;
    const owner = await storage.accounts.create();
    const record = await store(storage, engine, { user: owner });
    await storage.write(record.handle, NEWER, 'packed');
    await expect(loadOf(engine, record)).rejects.toThrow(NewerFormatError);
    expect((await engine.listByUser(owner.user.id)).sessions).toEqual([]);
    expect((await engine.list({ limit: 10 })).sessions).toEqual([]);
    await storage.write(record.handle, RECORD_FORMAT, '{}');
    expect(await loadOf(engine, record)).toMatchObject({ status: 'live' });
  });

  test.skipIf(!available)('can be ended, and expires', async () => {
    const storage = await open();
    const { engine } = storage;
    const owner = await storage.accounts.create();
    const records: SessionRecord[] = [];
    for (let count = 0; count < 3; count += 1) {
      const record = await store(storage, engine, { user: owner });
      await storage.write(record.handle, NEWER, 'packed');
      records.push(record);
    }
    const [first, second, third] = records as [SessionRecord, SessionRecord, SessionRecord];
    expect(await engine.destroy(first.handle)).toBe(true);
    expect(await engine.destroyByUser(owner.user.id, { exceptHandle: third.handle })).toBe(1);
    for (const record of [first, second]) expect(await loadOf(engine, record)).toEqual({ status: 'absent' });
    storage.clock.advance(LIFETIMES.ageMs + 1);
    expect(await engine.purgeExpired(10)).toBe(1);
  });
});

test('a copy of cached_db in a newer format is not used', async () => {
  const clock = createTestClock();
  const engine = { newHandle: () => Promise.resolve('ses_0000000000000000000000'), create: () => Promise.resolve(true) };
  const record = await store({ clock }, engine as unknown as Engine);
  const copy = (format?: number) => openCopy({ record: JSON.stringify({ ...record, format }), user: '' }, record.handle);
  expect([copy(), copy(RECORD_FORMAT), copy(NEWER)]).toEqual([
    expect.objectContaining({ user: null }),
    expect.objectContaining({ user: null }),
    undefined,
  ]);
});

test('a format that is no number is newer', () => {
  expect([null, '', '1', 1, 1n].map(isNewerFormat)).toEqual([false, false, false, false, false]);
  expect(['2', 2, 2n, 'v2'].map(isNewerFormat)).toEqual([true, true, true, true]);
});
