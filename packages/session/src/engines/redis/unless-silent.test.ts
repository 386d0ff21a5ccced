import { setTimeout as sleep } from 'node:timers/promises';
import { tcpProxy } from '@gatehouse/prisma/testing';
import { expect, test, vi } from 'vitest';
import { startRedisCluster } from '../../test-support/redis-cluster.ts';
import { REDIS_AVAILABLE, startRedis } from '../../test-support/redis-server.ts';
import { answeredInTime } from './answered-in-time.ts';
import { openRedis } from './connection.ts';
import { timeLimits } from './time-limits.ts';
import { unlessSilent } from './unless-silent.ts';

vi.setConfig({ testTimeout: 60_000 });

test.skipIf(!REDIS_AVAILABLE)(
  'a connection that takes what is sent and never answers is given up and made anew though there is always someone who asks',
  async () => {
    const redis = await startRedis();
    const proxy = await tcpProxy({ host: '127.0.0.1', port: redis.port });
    const errors: Error[] = [];
    const { commands, close } = await openRedis(`redis://127.0.0.1:${proxy.port}`, { onError: (error) => errors.push(error) });
    try {
      // What is open now stays dead; whoever connects from now on is served.
      await proxy.set('hang');
      let isOver = false;
      const asking = (async () => {
        for (; !isOver; await sleep(20)) commands.get('key').catch(() => undefined);
      })();
      await expect.poll(() => errors.length, { timeout: 20_000 }).toBeGreaterThan(0);
      isOver = true;
      await asking;
      await proxy.set('pass');
      await expect.poll(() => commands.get('key').catch(() => 'an error'), { timeout: 20_000 }).toBe(null);
    } finally {
      await close();
      await proxy.close();
      await redis.stop();
    }
  },
);

test('behind Sentinel, too, whoever gives up waiting has heard nothing: the connection is left alone for longer than its time limit', async () => {
  const limits = timeLimits(300);
  const asked: number[] = [];
  const client = { get: (_key: string) => new Promise<string>(() => void asked.push(performance.now())) };
  const { commands, stop } = unlessSilent(answeredInTime(client, limits), limits, () => '');
  const begun = performance.now();
  for (; performance.now() - begun < 1200; await sleep(5)) void commands.get('key').catch(() => undefined);
  stop();
  const pauses = asked.slice(1).map((at, index) => at - (asked[index] as number));
  expect(Math.max(...pauses)).toBeGreaterThan(limits.silentMs);
});

test.skipIf(!REDIS_AVAILABLE)('of a cluster the node that is silent is asked no more, and the others are', async () => {
  const cluster = await startRedisCluster();
  const { commands, close } = await openRedis(cluster.url);
  const [silent] = cluster.masters;
  const keys = Array.from({ length: 30 }, (_, index) => `key ${index}`);
  const ask = (key: string): Promise<string> =>
    commands.get(key).then(
      () => 'answered',
      (error: Error) => error.message,
    );
  try {
    silent?.process.kill('SIGSTOP');
    let isOver = false;
    const said = new Set<string>();
    // Nobody waits for an answer before the next is asked.
    const asking = (async () => {
      for (; !isOver; await sleep(20)) for (const key of keys) void ask(key).then((text) => said.add(text));
    })();
    await expect.poll(() => [...said], { timeout: 20_000 }).toContain('Redis has not answered anything for 800 ms.');
    said.clear();
    await expect.poll(() => [...said], { timeout: 20_000 }).toContain('answered');
    isOver = true;
    await asking;
    silent?.process.kill('SIGCONT');
    await expect.poll(async () => new Set(await Promise.all(keys.map(ask))), { timeout: 20_000 }).toEqual(new Set(['answered']));
  } finally {
    silent?.process.kill('SIGCONT');
    await close();
    await cluster.stop();
  }
});
