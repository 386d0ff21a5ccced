import { stopwatch } from '@gatehouse/prisma/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIFETIMES } from '../../conformance/engine-fixture.ts';
import { store, storeMany } from '../../conformance/records.ts';
import type { Engine } from '../../engine-port.ts';
import { openEngine, type EngineName } from '../../registry.ts';
import { databaseAccounts } from '../../test-support/database-accounts.ts';
import { isReplicatedTo } from '../../test-support/redis-sentinel.ts';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '../../test-support/redis-server.ts';
import { createTempDatabase, type TempDatabase } from '../../test-support/temp-database.ts';
import { createTestClock } from '../../test-support/test-clock.ts';
import { NotReplicatedError } from './replicated.ts';

const clock = createTestClock(Date.now());
const VISIT = { ip: null, userAgent: null };

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
      // Each limit well apart from the next, whatever else the machine does.
      storageTimeoutMs: 6000,
    });
    opened.push(engine);
    return engine;
  }

  /** `work` while the replica accepts and does not answer. */
  async function withoutReplica(work: () => Promise<void>): Promise<void> {
    replica.process.kill('SIGSTOP');
    try {
      await work();
    } finally {
      replica.process.kill('SIGCONT');
    }
  }

  test.each<[EngineName]>([['redis'], ['cached_db']])(
    '%s: what ends a session is an error while no replica has it, holds nobody up, and done again by another process is acknowledged when one has it',
    async (name) => {
      const [engine, other] = [await open(name, 1), await open(name, 1)];
      const { user, credentialEpoch } = await databaseAccounts((await storage.connect()).prisma).create();
      const owner = { user, credentialEpoch };
      const [first, ...more] = await storeMany({ clock }, engine, 20, { user: owner });
      const { key } = first as { key: string };
      await engine.load(key, VISIT);
      await withoutReplica(async () => {
        const tookMs = stopwatch();
        const ends = await Promise.allSettled([
          engine.destroy(key),
          engine.destroyByUser(user.id),
          engine.userChanged({ ...user, role: 'admin' }),
          ...more.map((record) => engine.destroy(record.key)),
        ]);
        expect(ends.map((end) => (end.status === 'rejected' ? (end.reason as Error).name : end))).toEqual(
          ends.map(() => 'NotReplicatedError'),
        );
        // Two time limits, and not one for each of more than twenty sessions.
        expect(tookMs()).toBeLessThan(10_000);
        let isWaiting = true;
        const again = other.destroy(key).finally(() => (isWaiting = false));
        again.catch(() => undefined);
        const { key: unrelated } = await store({ clock }, engine, {});
        expect((await engine.load(unrelated, VISIT)).status).toBe('live');
        expect(isWaiting).toBe(true);
        await expect(again).rejects.toThrow(NotReplicatedError);
      });
      expect(await other.destroy(key)).toBe(false);
      expect(await other.destroyByUser(user.id)).toBe(0);
      expect((await engine.load(key, VISIT)).status).toBe('absent');
    },
  );

  test('with ?wait=0 an end is acknowledged by the master alone', async () => {
    const engine = await open('redis', 0);
    const { key } = await store({ clock }, engine, {});
    await withoutReplica(async () => expect(await engine.destroy(key)).toBe(true));
  });

  test('many ends at once wait once', async () => {
    const engine = await open('redis', 1, 'many:');
    const records = await storeMany({ clock }, engine, 100);
    await master.command('CONFIG', 'RESETSTAT');
    expect(await Promise.all(records.map(({ key }) => engine.destroy(key)))).toEqual(records.map(() => true));
    expect(String(await master.command('INFO', 'commandstats'))).toMatch(/cmdstat_wait:calls=1,/);
  });
});
