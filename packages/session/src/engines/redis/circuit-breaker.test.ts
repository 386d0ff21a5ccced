import { setTimeout as sleep } from 'node:timers/promises';
import { tcpProxy } from '@gatehouse/prisma/testing';
import { expect, test, vi } from 'vitest';
import { startRedisCluster } from '../../test-support/redis-cluster.ts';
import { REDIS_AVAILABLE, startRedis } from '../../test-support/redis-server.ts';
import { withCommandTimeout } from './command-timeout.ts';
import { openRedis } from './connection.ts';
import { timeLimits } from './time-limits.ts';
import { withCircuitBreaker } from './circuit-breaker.ts';

vi.setConfig({ testTimeout: 60_000 });

test.skipIf(!REDIS_AVAILABLE)(
  'a connection that accepts commands and never replies is replaced, although commands keep coming',
  async () => {
    const redis = await startRedis();
    const proxy = await tcpProxy({ host: '127.0.0.1', port: redis.port });
    const errors: Error[] = [];
    const { commands, close } = await openRedis(`redis://127.0.0.1:${proxy.port}`, { onError: (error) => errors.push(error) });
    try {
      // Open connections stay dead; new ones are served.
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

test('behind Sentinel a command timeout is not a reply: the connection gets no commands for longer than its socket timeout', async () => {
  const limits = timeLimits(300);
  const asked: number[] = [];
  const client = { get: (_key: string) => new Promise<string>(() => void asked.push(performance.now())) };
  const { commands, stop } = withCircuitBreaker(withCommandTimeout(client, limits), limits, () => '');
  const begun = performance.now();
  for (; performance.now() - begun < 1200; await sleep(5)) void commands.get('key').catch(() => undefined);
  stop();
  const pauses = asked.slice(1).map((at, index) => at - (asked[index] as number));
  expect(Math.max(...pauses)).toBeGreaterThan(limits.silentMs);
});

test.skipIf(!REDIS_AVAILABLE)('a silent node of a cluster gets no more commands; the others do', async () => {
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
    // Sends the next command without waiting for a reply.
    const asking = (async () => {
      for (; !isOver; await sleep(20)) for (const key of keys) void ask(key).then((text) => said.add(text));
    })();
    await expect.poll(() => [...said], { timeout: 20_000 }).toContain('Redis has not replied for 800 ms.');
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
