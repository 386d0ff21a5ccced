import { type SessionUser, storedAttributes } from '@gatehouse/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LIFETIMES } from '../../conformance/engine-fixture.ts';
import { loadOf, newRecord, store } from '../../conformance/records.ts';
import type { Engine } from '../../engine-port.ts';
import { StorageUnavailableError } from '../../errors.ts';
import { raw } from '../../test-support/redis-fixture.ts';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '../../test-support/redis-server.ts';
import { createTestClock } from '../../test-support/test-clock.ts';
import type { FoundUser, UserSource } from '../../user-source.ts';
import { openRedis, type RedisConnection } from './connection.ts';
import { slotOf } from './keys.ts';
import { openRedisEngine } from './open-redis-engine.ts';
import { createRedisEngine } from './redis-engine.ts';

const CLIENT = { ip: null, userAgent: null };
const MINUTE = 60_000;

/** An application's own users and ids. */
const ID = 'cn=Ada Lovelace, ou=people, dc=example, dc=org {1} and a text that is longer than any column';
const ada: SessionUser = {
  id: ID,
  username: 'ada',
  email: 'ada@example.org',
  name: 'Ada',
  role: 'user',
  status: 'active',
  attributes: storedAttributes({}),
};

describe.skipIf(!REDIS_AVAILABLE)('users from a source of the application', () => {
  let server: RedisServer;
  let connection: RedisConnection;
  let prefixes = 0;
  const clock = createTestClock();
  /** Results of the source, the number of calls, and a hook during a call. */
  let found: FoundUser | undefined;
  let asked = 0;
  let meanwhile: (() => Promise<unknown>) | undefined;
  const owner = () => ({ user: ada, credentialEpoch: found?.credentialEpoch ?? 0 });

  beforeAll(async () => {
    server = await startRedis();
    connection = await openRedis(server.url);
  });
  afterAll(async () => {
    await connection.close();
    await server.stop();
  });
  beforeEach(async () => {
    await raw(connection.commands).flushDb();
    prefixes += 1;
    [found, asked, meanwhile] = [{ user: ada, credentialEpoch: 3 }, 0, undefined];
  });

  const find: UserSource['find'] = async (userId) => {
    asked += 1;
    const answer = userId === ID ? found : undefined;
    const before = meanwhile;
    meanwhile = undefined;
    await before?.();
    return answer;
  };

  const open = (users: UserSource = { find }): Promise<Engine> =>
    createRedisEngine({
      lifetimes: LIFETIMES,
      now: clock.now,
      users,
      redis: connection.commands,
      replicated: connection.replicated,
      waitsForReplicas: false,
      isCluster: false,
      nodes: connection.nodes,
      prefix: `users${prefixes}:`,
      serializer: JSON,
      close: () => Promise.resolve(),
    });

  /** Each starts without a copy. */
  async function withoutCopy(engine: Engine) {
    const record = await store({ clock }, engine, { user: owner() });
    await engine.userChanged(ID);
    asked = 0;
    return record;
  }

  test('any text can be a user id, and one copy serves all sessions of the user', async () => {
    const [engine, other] = [await open(), await open()];
    const records = [await store({ clock }, engine, { user: owner() }), await store({ clock }, other, { user: owner() })];
    asked = 0;
    for (const process of [engine, other])
      for (const record of records) expect(await loadOf(process, record, CLIENT)).toMatchObject({ status: 'live', user: ada });
    expect((await other.listByUser(ID)).sessions).toHaveLength(2);
    expect(asked).toBe(0);
    expect(await engine.count()).toEqual({ sessions: 2, users: 1 });
    expect(await other.destroyByUser(ID)).toBe(2);
  });

  test('a failing source is an outage, and the session is live once it answers', async () => {
    const engine = await open();
    const record = await withoutCopy(engine);
    const failing = await open({ find: () => Promise.reject(new Error('LDAP is unavailable')) });
    await expect(loadOf(failing, record, CLIENT)).rejects.toThrow(StorageUnavailableError);
    await expect(failing.create(await newRecord({ clock }, failing, { user: owner() }))).rejects.toThrow(StorageUnavailableError);
    expect(await loadOf(engine, record, CLIENT)).toMatchObject({ status: 'live', slid: false });
    // From the copy that the load before has stored.
    expect(await loadOf(failing, record, CLIENT)).toMatchObject({ status: 'live', user: ada });
  });

  test('a session whose user is gone is not served, does not slide, and is not ended', async () => {
    const engine = await open();
    const record = await withoutCopy(engine);
    clock.advance(MINUTE);
    const known = found;
    found = undefined;
    expect(await loadOf(engine, record, CLIENT)).toEqual({ status: 'absent' });
    expect(await engine.update(record.handle, { expectedVersion: 1, timestamps: record, data: {} })).toEqual({ status: 'gone' });
    found = known;
    expect(await loadOf(engine, record)).toMatchObject({ status: 'live', record });
    expect(await loadOf(engine, record, CLIENT)).toMatchObject({ status: 'live', slid: true });
  });

  test('a copy is not used longer than the source allows, even without an announcement', async () => {
    const engine = await open({ find, maxAgeMs: MINUTE });
    const record = await withoutCopy(engine);
    await loadOf(engine, record);
    found = { user: { ...ada, name: 'Countess' }, credentialEpoch: 3 };
    clock.advance(MINUTE - 1);
    expect(await loadOf(engine, record)).toMatchObject({ user: { name: 'Ada' } });
    expect(asked).toBe(1);
    clock.advance(1);
    for (let load = 0; load < 3; load += 1) expect(await loadOf(engine, record)).toMatchObject({ user: { name: 'Countess' } });
    expect(asked).toBe(2);
    const always = await open({ find, maxAgeMs: 0 });
    found = { user: { ...ada, name: 'Lady' }, credentialEpoch: 3 };
    expect(await loadOf(always, record)).toMatchObject({ user: { name: 'Lady' } });
  });

  test('a lookup from before a change stores no copy', async () => {
    const [engine, other] = [await open(), await open()];
    for (const change of [
      () => other.userChanged(ID),
      async () => other.endUserChange(ID, await other.beginUserChange(ID)),
      () => other.beginUserChange(ID),
    ]) {
      const record = await withoutCopy(engine);
      found = { user: ada, credentialEpoch: 3 };
      meanwhile = async () => {
        found = { user: { ...ada, role: 'admin' }, credentialEpoch: 3 };
        await change();
      };
      await loadOf(engine, record);
      expect(await loadOf(engine, record)).toMatchObject({ user: { role: 'admin' } });
    }
  });

  test('an emptied Redis makes no old lookup valid again', async () => {
    const engine = await open();
    const record = await withoutCopy(engine);
    const dumped = await raw(connection.commands).hGetAll(slotOf(`users${prefixes}:`, record.handle).record(record.handle));
    meanwhile = async () => {
      await raw(connection.commands).flushDb();
      found = { user: { ...ada, role: 'admin' }, credentialEpoch: 3 };
      for (const [field, value] of Object.entries(dumped))
        await raw(connection.commands).hSet(slotOf(`users${prefixes}:`, record.handle).record(record.handle), field, value);
    };
    await loadOf(engine, record);
    expect(await loadOf(engine, record)).toMatchObject({ user: { role: 'admin' } });
    // The key of the shard tags was restored too, so a new session is found by its user.
    await store({ clock }, engine, { user: owner() });
    expect((await (await open()).listByUser(ID)).sessions).toHaveLength(1);
  });

  test('a sign-in during the end of all sessions looks its user up again', async () => {
    const [engine, other] = [await open(), await open()];
    const record = await newRecord({ clock }, engine, { user: owner() });
    meanwhile = async () => {
      found = undefined;
      await other.destroyByUser(ID);
    };
    expect(await engine.create(record)).toBe(false);
    found = { user: ada, credentialEpoch: 3 };
    expect(await loadOf(engine, record)).toEqual({ status: 'absent' });
  });

  test('a raised floor refuses sessions whose records still exist', async () => {
    const engine = await open();
    const record = await store({ clock }, engine, { user: owner() });
    const { user } = slotOf(`users${prefixes}:`, record.handle);
    // As if the process had died before deleting them.
    await raw(connection.commands).hSet(user, 'fl', String(clock.now()));
    expect(await loadOf(engine, record, CLIENT)).toEqual({ status: 'absent' });
    expect(await engine.update(record.handle, { expectedVersion: 1, timestamps: record, data: {} })).toEqual({ status: 'gone' });
    expect(await engine.touch(record.handle, record)).toBe(false);
    expect((await engine.claim(record.handle, { successor: record.handle })).status).toBe('gone');
    const after = await store({ clock }, engine, { user: owner() });
    expect((await engine.listByUser(ID)).sessions.map((session) => session.record.handle)).toEqual([after.handle]);
    expect(await engine.count()).toEqual({ sessions: 1, users: 1 });
  });

  test('an abandoned change expires after a minute, and copies are stored again', async () => {
    const engine = await open();
    const record = await withoutCopy(engine);
    await engine.beginUserChange(ID);
    for (const expected of [1, 2]) {
      await loadOf(engine, record);
      expect(asked).toBe(expected);
    }
    clock.advance(MINUTE);
    await loadOf(engine, record);
    await loadOf(engine, record);
    expect(asked).toBe(3);
  });

  test('on a full server sessions are served, and all ends still work', async () => {
    const engine = await open();
    const [first, kept, ...others] = [
      await store({ clock }, engine, { user: owner(), presentedAtMs: null }),
      await store({ clock }, engine, { user: owner() }),
      await store({ clock }, engine, { user: owner() }),
      await store({ clock }, engine, { user: owner() }),
    ] as const;
    clock.advance(MINUTE);
    await server.command('CONFIG', 'SET', 'maxmemory', '1');
    try {
      expect(await loadOf(engine, first, CLIENT)).toMatchObject({ status: 'live', slid: false, record: first });
      await expect(engine.update(first.handle, { expectedVersion: 1, timestamps: first, data: {} })).rejects.toThrow(
        StorageUnavailableError,
      );
      expect(await engine.destroy(first.handle)).toBe(true);
      const token = await engine.beginUserChange(ID);
      found = { user: { ...ada, role: 'admin' }, credentialEpoch: 3 };
      expect(await loadOf(engine, kept, CLIENT)).toMatchObject({ user: { role: 'admin' } });
      await engine.endUserChange(ID, token);
      expect(await engine.destroyByUser(ID, { exceptHandle: kept.handle })).toBe(others.length);
      expect(await loadOf(engine, kept, CLIENT)).toMatchObject({ status: 'live', slid: false });
      expect(await engine.destroyAll()).toBe(1);
    } finally {
      await server.command('CONFIG', 'SET', 'maxmemory', '0');
    }
  });

  test('a handle outside of its user’s slot is refused', async () => {
    const engine = await open();
    const record = { ...(await newRecord({ clock }, engine, { user: owner() })), handle: await engine.newHandle(null) };
    await expect(engine.create(record)).rejects.toThrow('newHandle');
    expect(await engine.count()).toEqual({ sessions: 0, users: 0 });
  });

  test('a slot belongs to one user: a second user with the same tag is refused, and can neither read nor end the first one’s sessions', async () => {
    const engine = await open();
    const record = await store({ clock }, engine, { user: owner() });
    const { user } = slotOf(`users${prefixes}:`, record.handle);
    await raw(connection.commands).hSet(user, 'id', 'the first');
    await expect(engine.create(await newRecord({ clock }, engine, { user: owner() }))).rejects.toThrow('another user');
    expect((await engine.listByUser(ID)).sessions).toEqual([]);
    expect(await engine.destroyByUser(ID)).toBe(0);
    await engine.endUserChange(ID, await engine.beginUserChange(ID));
    expect(Object.keys(await raw(connection.commands).hGetAll(user)).sort()).toEqual(['at', 'e', 'id', 'n', 't']);
  });

  test('without users and a database the error says what to pass', async () => {
    await expect(openRedisEngine({ lifetimes: LIFETIMES, redisUrl: server.url })).rejects.toThrow(TypeError);
  });
});
