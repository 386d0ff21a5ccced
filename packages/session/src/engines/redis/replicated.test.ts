import { stopwatch } from '@gatehouse/prisma/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIFETIMES } from '../../conformance/engine-fixture.ts';
import { loadOf, rotated, rotateTo, store, storeMany } from '../../conformance/records.ts';
import type { Engine } from '../../engine-port.ts';
import { openEngine, type EngineName } from '../../registry.ts';
import { databaseAccounts } from '../../test-support/database-accounts.ts';
import { isReplicatedTo } from '../../test-support/redis-sentinel.ts';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '../../test-support/redis-server.ts';
import { createTempDatabase, type TempDatabase } from '../../test-support/temp-database.ts';
import { createTestClock } from '../../test-support/test-clock.ts';
import { NotReplicatedError } from './replicated.ts';

const clock = createTestClock(Date.now());
const CLIENT = { ip: null, userAgent: null };

describe.skipIf(!REDIS_AVAILABLE)('a master with one replica', () => {
  let master: RedisServer;
  let replica: RedisServer;
  let storage: TempDatabase;
  const opened: Engine[] = [];
  beforeAll(async () => {
    master = await startRedis(['--repl-diskless-sync-delay', '0']);
    replica = await startRedis(['--replicaof', `127.0.0.1 ${master.port}`]);
    await isReplicatedTo(master, 1);
    storage = await createTempDatabase();
  });
  afterAll(async () => {
    await Promise.all(opened.map((engine) => engine.close()));
    await Promise.all([master.stop(), replica.stop(), storage.dispose()]);
  });

  async function open(name: EngineName, wait: number, prefix = 'waits:'): Promise<Engine> {
    const engine = await openEngine(name, {
      database: await storage.connect(),
      lifetimes: LIFETIMES,
      redisUrl: `${master.url}?wait=${wait}`,
      redisPrefix: prefix,
      // The time limits are far apart, so that a busy machine does not confuse them.
      storageTimeoutMs: 6000,
    });
    opened.push(engine);
    return engine;
  }

  const newOwner = async () => databaseAccounts((await storage.connect()).prisma).create();

  /** Runs `work` while the replica accepts connections but does not reply. */
  async function withoutReplica(work: () => Promise<void>): Promise<void> {
    replica.process.kill('SIGSTOP');
    try {
      await work();
    } finally {
      replica.process.kill('SIGCONT');
    }
  }

  test.each<[EngineName]>([['redis'], ['cached_db']])(
    '%s: without the replica, ending a session or secret is an error within the time limit',
    async (name) => {
      const [engine, other] = [await open(name, 1), await open(name, 1)];
      const owner = await newOwner();
      const [first, rotating, ...more] = await storeMany({ clock }, engine, 20, { user: owner });
      if (!first || !rotating) throw new Error('Nothing is stored.');
      await loadOf(engine, first, CLIENT);
      await withoutReplica(async () => {
        const tookMs = stopwatch();
        const ends = await Promise.allSettled([
          engine.destroy(first.handle),
          rotateTo(engine, rotated(rotating, clock.now())),
          engine.userChanged(owner.user.id),
          engine.beginUserChange(owner.user.id),
          ...more.map(({ handle }) => engine.destroy(handle)),
          engine.destroyByUser(owner.user.id),
        ]);
        expect(ends.map((end) => (end.status === 'rejected' ? (end.reason as Error).name : end))).toEqual(
          ends.map(() => 'NotReplicatedError'),
        );
        // Two time limits in all, not one for each of more than twenty sessions.
        expect(tookMs()).toBeLessThan(10_000);
        let isWaiting = true;
        const again = other.destroy(first.handle).finally(() => (isWaiting = false));
        again.catch(() => undefined);
        const unrelated = await store({ clock }, engine, {});
        expect((await loadOf(engine, unrelated, CLIENT)).status).toBe('live');
        expect(isWaiting).toBe(true);
        await expect(again).rejects.toThrow(NotReplicatedError);
      });
      await other.destroy(first.handle);
      await other.destroyByUser(owner.user.id);
      expect((await loadOf(engine, first, CLIENT)).status).toBe('absent');
    },
  );

  test('redis: an end that was not acknowledged is reported again, once, when repeated, and is then on the replica', async () => {
    const [engine, other] = [await open('redis', 1, 'again:'), await open('redis', 1, 'again:')];
    const [owner, stranger] = [await newOwner(), await newOwner()];
    const [one, ...rest] = await storeMany({ clock }, engine, 5, { user: owner });
    if (!one) throw new Error('Nothing is stored.');
    const anonymous = await store({ clock }, engine, {});
    await withoutReplica(async () => {
      for (const { handle } of [one, anonymous]) await expect(engine.destroy(handle)).rejects.toThrow(NotReplicatedError);
      await expect(engine.destroyByUser(owner.user.id)).rejects.toThrow(NotReplicatedError);
      for (const record of [one, anonymous, ...rest]) expect((await loadOf(other, record)).status).toBe('absent');
    });
    expect(await other.destroy(one.handle, { ofUser: stranger.user.id })).toBe(false);
    expect(await other.destroy(one.handle, { ofUser: owner.user.id })).toBe(true);
    expect(await other.destroy(anonymous.handle)).toBe(true);
    expect(await other.destroyByUser(owner.user.id)).toBe(rest.length);
    for (const { handle } of [one, anonymous]) {
      expect(await replica.command('EXISTS', `again:{${handle.slice(4, 15)}}:s:${handle}`)).toBe(0);
      expect(await other.destroy(handle)).toBe(false);
    }
    expect(await other.destroyByUser(owner.user.id)).toBe(0);
  });

  test('with ?wait=0 the master alone acknowledges an end', async () => {
    const engine = await open('redis', 0);
    const { handle } = await store({ clock }, engine, {});
    await withoutReplica(async () => expect(await engine.destroy(handle)).toBe(true));
  });

  test('many concurrent ends share one WAIT', async () => {
    const engine = await open('redis', 1, 'many:');
    const records = await storeMany({ clock }, engine, 100);
    await master.command('CONFIG', 'RESETSTAT');
    expect(await Promise.all(records.map(({ handle }) => engine.destroy(handle)))).toEqual(records.map(() => true));
    expect(String(await master.command('INFO', 'commandstats'))).toMatch(/cmdstat_wait:calls=1,/);
  });
});
