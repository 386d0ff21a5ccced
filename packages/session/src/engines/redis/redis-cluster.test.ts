import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { LIFETIMES } from '../../conformance/engine-fixture.ts';
import type { Engine, SessionRecord } from '../../engine-port.ts';
import { openEngine } from '../../registry.ts';
import { databaseAccounts } from '../../test-support/database-accounts.ts';
import { startRedisCluster, type RedisClusterServers } from '../../test-support/redis-cluster.ts';
import { REDIS_AVAILABLE } from '../../test-support/redis-server.ts';
import { createTempDatabase, type TempDatabase } from '../../test-support/temp-database.ts';
import { readRedisFacts } from './redis-facts.ts';

// Its nodes find each other first.
vi.setConfig({ hookTimeout: 60_000 });

describe.skipIf(!REDIS_AVAILABLE)('a Redis Cluster of three', () => {
  let cluster: RedisClusterServers;
  let storage: TempDatabase;
  let engines: [Engine, Engine];
  let accounts: ReturnType<typeof databaseAccounts>;
  beforeAll(async () => {
    cluster = await startRedisCluster();
    storage = await createTempDatabase();
    const database = await storage.connect();
    accounts = databaseAccounts(database.prisma);
    const open = () => openEngine('redis', { database, lifetimes: LIFETIMES, redisUrl: cluster.url });
    engines = [await open(), await open()];
  });
  afterAll(async () => {
    await Promise.all(engines.map((engine) => engine.close()));
    await storage.dispose();
    await cluster.stop();
  });

  function session(userId: string): SessionRecord {
    const now = Date.now();
    return {
      key: randomUUID(),
      handle: `ses_${randomUUID()}`,
      userId,
      credentialEpoch: 0,
      data: {},
      version: 1,
      ip: null,
      userAgent: null,
      createdAtMs: now,
      renewedAtMs: now,
      lastActivityAtMs: now,
      expiresAtMs: now + LIFETIMES.ageMs,
      customAgeSeconds: null,
      fixedExpiryMs: null,
    };
  }

  test('each master is asked what it says of itself', async () => {
    const nodes = await readRedisFacts(cluster.url);
    expect(nodes).toHaveLength(3);
    expect(new Set(nodes.map(({ name }) => name)).size).toBe(3);
    for (const { info, cluster: state, save, clock } of nodes) {
      expect(info.get('maxmemory_policy')).toBe('noeviction');
      expect(state.get('cluster_state')).toBe('ok');
      expect(save).toBe('');
      expect(clock).toBeDefined();
    }
  });

  test('sessions on all nodes are made, loaded, changed, listed, counted and ended, as another process sees them', async () => {
    const [here, there] = engines;
    const { user } = await accounts.create();
    const records = Array.from({ length: 30 }, () => session(user.id));
    for (const made of await Promise.all(records.map((record) => here.create(record)))) expect(made).toBe(true);
    const [first] = records as [SessionRecord];
    expect(await there.load(first.key)).toMatchObject({ status: 'live', user: { id: user.id } });
    expect(await there.update(first.key, { expectedVersion: 1, data: { next: '/' }, clocks: first })).toEqual({ status: 'updated' });
    expect(await here.update(first.key, { expectedVersion: 1, data: { next: '/x' }, clocks: first })).toEqual({ status: 'conflict' });
    expect((await there.findByHandle(first.handle))?.record.data).toMatchObject({ next: '/' });
    expect(await there.listByUser(user.id)).toHaveLength(30);
    expect(await there.count()).toEqual({ sessions: 30, users: 1 });

    await there.userChanged({ ...user, role: 'admin' });
    const loaded = await Promise.all(records.map(({ key }) => here.load(key)));
    expect(loaded.filter((outcome) => outcome.status === 'live' && outcome.user?.role === 'admin')).toHaveLength(30);

    expect(await here.destroy(first.key)).toBe(true);
    expect(await there.update(first.key, { expectedVersion: 2, data: {}, clocks: first })).toEqual({ status: 'gone' });
    expect(await there.destroyByUser(user.id)).toBe(29);
    expect(await here.count()).toEqual({ sessions: 0, users: 0 });
    expect(new Set((await Promise.all(records.map(({ key }) => here.load(key)))).map(({ status }) => status))).toEqual(new Set(['absent']));
  });
});
