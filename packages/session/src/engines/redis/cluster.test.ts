import { storedAttributes } from '@gatehouse/contract';
import calculateSlot from 'cluster-key-slot';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { LIFETIMES } from '../../conformance/engine-fixture.ts';
import { loadOf, newRecord, rotated, rotateTo, signInFrom, store, storeMany } from '../../conformance/records.ts';
import type { Engine, SessionRecord } from '../../engine-port.ts';
import { startRedisCluster, type RedisClusterServers } from '../../test-support/redis-cluster.ts';
import { REDIS_AVAILABLE, type RedisServer } from '../../test-support/redis-server.ts';
import { createTestClock } from '../../test-support/test-clock.ts';
import { slotOf } from './keys.ts';
import { openRedisEngine } from './open-redis-engine.ts';
import { NotReplicatedError } from './replicated.ts';

// The nodes of a cluster must find each other first, and a fail-over takes until the others agree.
vi.setConfig({ hookTimeout: 60_000 });

const PREFIX = 'sessions:';
const INDEXES = ['expiry', 'handle', 'users', 'claimed'].map((name) => `{${PREFIX}index}:${name}`);
const clock = createTestClock(Date.now());
const users = {
  find: (id: string) =>
    Promise.resolve({
      user: {
        id,
        username: id,
        email: `${id}@example.org`,
        name: id,
        role: 'user' as const,
        status: 'active' as const,
        attributes: storedAttributes({}),
      },
      credentialEpoch: 0,
    }),
};

describe.skipIf(!REDIS_AVAILABLE)('a cluster of three masters with a replica each', () => {
  let cluster: RedisClusterServers;
  let [engine, other]: Engine[] = [];
  const here = (): Engine => engine as Engine;
  const there = (): Engine => other as Engine;
  beforeAll(async () => {
    cluster = await startRedisCluster({ replicas: 1, nodeTimeoutMs: 3000 });
    const open = () =>
      openRedisEngine({
        lifetimes: { ...LIFETIMES, activityIntervalMs: 1000 },
        now: clock.now,
        users,
        redisUrl: cluster.url,
        redisPrefix: PREFIX,
        storageTimeoutMs: 20_000,
      });
    [engine, other] = [await open(), await open()];
  });
  afterAll(async () => {
    await Promise.all([engine?.close(), other?.close()]);
    await cluster.stop();
  });

  const ownerOf = async (userId: string) => ({ ...(await users.find(userId)) });
  const slotNumber = ({ handle }: Pick<SessionRecord, 'handle'>): number => calculateSlot(slotOf(PREFIX, handle).user);

  test('all sessions of a user are in one slot, and those of many users in many', async () => {
    const slots = new Set<number>();
    for (let index = 0; index < 20; index += 1) {
      const records = await storeMany({ clock }, here(), 2, { user: await ownerOf(`spread-${index}`) });
      expect(new Set(records.map(slotNumber)).size).toBe(1);
      slots.add(slotNumber(records[0] as SessionRecord));
    }
    expect(slots.size).toBeGreaterThan(10);
    expect(await here().destroyAll()).toBe(40);
  });

  test('after the indexes over all users were lost, a user’s sessions are listed and ended, and sessions in use are counted again', async () => {
    const owner = await ownerOf('lost');
    const loseIndexes = () => Promise.all(INDEXES.map((key) => cluster.ownerOf(calculateSlot(key)).command('DEL', key)));
    const records = await storeMany({ clock }, here(), 4, { user: owner });
    await loseIndexes();
    expect(await here().count()).toEqual({ sessions: 0, users: 0 });
    expect((await there().listByUser('lost')).sessions).toHaveLength(4);
    clock.advance(1000);
    for (const record of records) expect((await loadOf(there(), record, { ip: null, userAgent: null })).status).toBe('live');
    await expect.poll(() => here().count()).toEqual({ sessions: 4, users: 1 });
    expect(await there().destroyByUser('lost')).toBe(4);
    await storeMany({ clock }, here(), 3, { user: owner });
    await store({ clock }, here(), {});
    await loseIndexes();
    expect(await there().destroyAll()).toBe(4);
    expect((await here().listByUser('lost')).sessions).toEqual([]);
  });

  test('an index entry without a record is removed when it is listed', async () => {
    const record = await store({ clock }, here(), { user: await ownerOf('vanished') });
    await cluster.ownerOf(slotNumber(record)).command('DEL', slotOf(PREFIX, record.handle).record(record.handle));
    expect(await here().count()).toEqual({ sessions: 1, users: 1 });
    expect((await there().list({ limit: 10 })).sessions).toEqual([]);
    expect(await here().count()).toEqual({ sessions: 0, users: 0 });
  });

  test('commands on a slot that is being moved wait and succeed', async () => {
    const owner = await ownerOf('moving');
    const [read, written, turned, ended] = (await storeMany({ clock }, here(), 4, { user: owner })) as [
      SessionRecord,
      SessionRecord,
      SessionRecord,
      SessionRecord,
    ];
    const before = await store({ clock }, here(), { user: owner });
    const slot = String(slotNumber(read));
    const from = cluster.ownerOf(Number(slot));
    const to = cluster.masters.find((node) => node !== from) as RedisServer;
    const [fromId, toId] = [String(await from.command('CLUSTER', 'MYID')), String(await to.command('CLUSTER', 'MYID'))];
    await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
    await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
    const keys = (await from.command('CLUSTER', 'GETKEYSINSLOT', slot, '1000')) as string[];
    const move = (key: string) => from.command('MIGRATE', '127.0.0.1', String(to.port), key, '0', '5000');
    // Either the user's key has moved and the records have not, or the other way round.
    const half = keys.filter((_key, index) => index % 2 === 0);
    await Promise.all(half.map(move));

    const asked = Promise.all([
      loadOf(here(), read),
      there().update(written.handle, { expectedVersion: 1, timestamps: written, data: { kept: true } }),
      rotateTo(here(), rotated(turned, clock.now())),
      there().destroy(ended.handle),
      signInFrom({ clock }, here(), before, { user: owner }),
      there().listByUser('moving'),
    ]);
    // Only after both single commands and pipelines have met it.
    const refusals = async (): Promise<number> => {
      const stats = await Promise.all([from, to].map((node) => node.command('INFO', 'errorstats')));
      return [...stats.join('').matchAll(/errorstat_(?:TRYAGAIN|ASK):count=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
    };
    await expect.poll(refusals).toBeGreaterThan(20);
    await Promise.all(keys.filter((key) => !half.includes(key)).map(move));
    for (const node of [to, from, ...cluster.masters.filter((one) => one !== from && one !== to)])
      await node.command('CLUSTER', 'SETSLOT', slot, 'NODE', toId);

    const [load, update, rotation, end] = await asked;
    expect(load).toMatchObject({ status: 'live', user: owner.user });
    expect([update, rotation, end]).toEqual([{ status: 'updated' }, { status: 'updated' }, true]);
    expect(await here().find(written.handle)).toMatchObject({ record: { data: { kept: true } } });
    expect(await there().destroyByUser('moving')).toBe(4);
    expect(await here().count()).toEqual({ sessions: 0, users: 0 });
  });

  test('a user’s node dies while its replica lags: nothing acknowledged is undone, and a repetition does the rest', async () => {
    const owner = await ownerOf('lagging');
    const records = await storeMany({ clock }, here(), 4, { user: owner });
    const [acknowledged, repeated] = records as [SessionRecord, SessionRecord];
    // A later write that is acknowledged proves that the replica has all of them.
    expect(await here().destroy(acknowledged.handle)).toBe(true);
    const master = cluster.ownerOf(slotNumber(repeated));
    const replica = cluster.replicas[cluster.masters.indexOf(master)] as RedisServer;
    replica.process.kill('SIGSTOP');
    await expect(here().destroy(repeated.handle)).rejects.toThrow(NotReplicatedError);
    await expect(here().destroyByUser('lagging')).rejects.toThrow(NotReplicatedError);
    await master.kill();
    replica.process.kill('SIGCONT');
    await expect.poll(() => replica.command('ROLE').then(String), { timeout: 60_000 }).toMatch(/^master/);
    // It comes back as a replica of the new master.
    await master.start();
    await expect.poll(() => replica.command('INFO', 'replication').then(String), { timeout: 60_000 }).toMatch(/state=online/);

    const again = <Result>(work: () => Promise<Result>): Promise<Result | undefined> => work().catch(() => undefined);
    await expect.poll(() => again(() => there().destroy(repeated.handle)), { timeout: 60_000 }).toBe(true);
    for (const record of [acknowledged, repeated]) expect(await loadOf(there(), record)).toEqual({ status: 'absent' });
    expect(await there().destroyByUser('lagging')).toBe(2);
    // The other client may reconnect later.
    await expect.poll(() => again(() => loadOf(here(), repeated)), { timeout: 60_000 }).toEqual({ status: 'absent' });
    for (const record of records) expect(await loadOf(here(), record)).toEqual({ status: 'absent' });
    const fresh = await newRecord({ clock }, here(), { user: owner });
    expect(await here().create(fresh)).toBe(true);
    expect((await there().listByUser('lagging')).sessions.map(({ record }) => record.handle)).toEqual([fresh.handle]);
  });
});
