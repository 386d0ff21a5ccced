import { randomBytes } from 'node:crypto';
import { setImmediate as tick } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SessionRecord } from '../../engine-port.ts';
import { cache, hits, nearCacheProcesses, type CachingProcess, type NearCacheProcesses } from '../../test-support/near-cache-processes.ts';
import { REDIS_AVAILABLE, startRedis } from '../../test-support/redis-server.ts';
import { withDeadline } from '../../deadline.ts';

describe.skipIf(!REDIS_AVAILABLE)('near caches and faults', () => {
  let processes: NearCacheProcesses;
  beforeAll(async () => {
    processes = await nearCacheProcesses();
  });
  afterAll(() => processes.dispose());
  const opened: CachingProcess[] = [];
  afterEach(async () => {
    for (const { close } of opened.splice(0)) await close();
    // No test waits for a process that could not leave.
    await processes.plain.destroy('ses_nothing');
  });

  async function open(options?: Parameters<NearCacheProcesses['open']>[0]): Promise<CachingProcess> {
    const process = await processes.open(options);
    opened.push(process);
    return process;
  }

  const statusOf = async ({ engine }: CachingProcess, { handle, secretHash }: SessionRecord): Promise<string> =>
    withDeadline(engine, 500)
      .load(handle, { secretHash })
      .then(
        ({ status }) => status,
        () => 'unavailable',
      );

  test('a lost connection empties the cache, and nothing is missed afterwards', async () => {
    const process = await open();
    const record = await processes.store();
    await cache(process, record);
    process.proxy.cut();
    await expect.poll(() => process.engine.nearCache?.().sessions).toBe(0);
    await processes.plain.destroy(record.handle);
    await expect.poll(() => statusOf(process, record)).toBe('absent');
  });

  test('a process that hears nothing of Redis stops serving before an end is acknowledged, and is not waited for again', async () => {
    const process = await open();
    const [record, another] = [await processes.store(), await processes.store()];
    await cache(process, record);
    expect(await processes.listed()).toHaveLength(1);
    await process.proxy.set('hang');
    expect(await processes.plain.destroy(record.handle)).toBe(true);
    expect(await statusOf(process, record)).toBe('unavailable');
    expect(await processes.listed()).toEqual([]);
    expect(await processes.plain.destroy(another.handle)).toBe(true);
    await process.proxy.set('pass');
    await expect.poll(() => statusOf(process, record)).toBe('absent');
  });

  test('while Redis does not answer, nothing is served beyond the lease', async () => {
    const process = await open();
    const record = await processes.store();
    await cache(process, record);
    await process.proxy.set('hang');
    await expect.poll(() => statusOf(process, record)).toBe('unavailable');
    const before = hits(process);
    for (let loads = 0; loads < 5; loads += 1) expect(await statusOf(process, record)).toBe('unavailable');
    expect(hits(process)).toBe(before);
  });

  test('a process whose requests arrive but which hears no reply is not believed to have reached a fence', async () => {
    const process = await open();
    const record = await processes.store();
    await cache(process, record);
    await process.proxy.set('swallow');
    let isEnded = false;
    const ending = processes.plain.destroy(record.handle).finally(() => (isEnded = true));
    // In use, so that it renews its lease: Redis executes that, and the reply is lost.
    while (!isEnded) await Promise.all([statusOf(process, record), tick()]);
    expect(await ending).toBe(true);
    for (let loads = 0; loads < 5; loads += 1) expect(await statusOf(process, record)).toBe('unavailable');
  });

  test('an emptied Redis empties the cache', async () => {
    const process = await open();
    await cache(process, await processes.store());
    await processes.server.command('FLUSHALL');
    await expect.poll(() => process.engine.nearCache?.().sessions).toBe(0);
  });

  test('a change by another program in Redis is seen as well', async () => {
    const process = await open();
    const record = await processes.store();
    await cache(process, record);
    await processes.server.command('EVAL', "for _, key in ipairs(redis.call('KEYS', '*:s:*')) do redis.call('DEL', key) end", '0');
    await expect.poll(() => statusOf(process, record)).toBe('absent');
  });

  test('a server that is no longer the master renews no lease', async () => {
    const process = await open();
    const record = await processes.store();
    await cache(process, record);
    const next = await startRedis();
    try {
      await processes.server.command('REPLICAOF', '127.0.0.1', String(next.port));
      // Within the lease it may still answer from the cache.
      await expect
        .poll(async () => {
          const before = hits(process);
          for (let loads = 0; loads < 5; loads += 1) await statusOf(process, record);
          return hits(process) - before;
        })
        .toBe(0);
    } finally {
      await processes.server.command('REPLICAOF', 'NO', 'ONE');
      await next.stop();
    }
  });

  test('the cache holds a bounded number of sessions, and keeps those in use', async () => {
    const process = await open({ maxSessions: 10 });
    const kept = await processes.store();
    await cache(process, kept);
    for (let index = 0; index < 30; index += 1) {
      const record = await processes.store();
      await process.engine.load(record.handle, record);
      await process.engine.load(kept.handle, kept);
    }
    expect(process.engine.nearCache?.().sessions).toBe(10);
    await cache(process, kept);
  });

  test('unknown handles and wrong secrets leave nothing in memory, and never get an answer from it', async () => {
    const process = await open();
    const record = await processes.store();
    await cache(process, record);
    const before = hits(process);
    const guesses = Array.from({ length: 500 }, () => randomBytes(32).toString('base64url'));
    for (const guess of guesses) {
      expect(await process.engine.load(`ses_${guess}`, record)).toEqual({ status: 'absent' });
      expect(await process.engine.load(record.handle, { secretHash: guess })).toEqual({ status: 'absent' });
    }
    expect(process.engine.nearCache?.()).toMatchObject({ sessions: 1, hits: before });
  });

  test('a load that is answered from the cache makes no request to Redis', async () => {
    const process = await open();
    const record = await processes.store();
    await cache(process, record);
    const loads = async (): Promise<number> => {
      const text = String(await processes.server.command('INFO', 'commandstats'));
      return Number(/cmdstat_hmget:calls=(\d+)/.exec(text)?.[1]);
    };
    const [requests, answered, misses] = [await loads(), hits(process), process.engine.nearCache?.().misses ?? 0];
    for (let index = 0; index < 1000; index += 1)
      await process.engine.load(record.handle, { ...record, client: { ip: null, userAgent: null } });
    const missed = (process.engine.nearCache?.().misses ?? 0) - misses;
    expect(hits(process) - answered).toBe(1000 - missed);
    // Each load reads with HMGET; without a user, once. A renewal of the lease has none.
    expect((await loads()) - requests).toBe(missed);
    // Those during a renewal of the lease.
    expect(missed).toBeLessThan(200);
  });

  test('a process that is not used does not delay changes, and one that has ended is not waited for', async () => {
    const [idle, ended] = [await open(), await open()];
    const record = await processes.store();
    for (const process of [idle, ended]) await cache(process, record);
    await ended.close();
    for (let changes = 0; changes < 3; changes += 1) await processes.plain.destroy('ses_nothing');
    expect(await processes.listed()).toEqual([]);
    await cache(idle, record);
  });
});
