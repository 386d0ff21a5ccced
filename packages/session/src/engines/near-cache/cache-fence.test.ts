import { expect, test, vi } from 'vitest';
import type { RedisCommands } from '../redis/redis-commands.ts';
import { createCacheFence } from './cache-fence.ts';

const OTHER = '800 other';

/** A Redis whose scripts reply at once, and on which the lagging processes are those of each look in turn. */
function fenceOn(looks: readonly (readonly string[])[], caches: readonly string[] = [OTHER]) {
  const left = [...looks];
  const redis = {
    endSession: vi.fn(() => Promise.resolve([['ended', 'user', '1'], caches])),
    raiseFence: vi.fn(() => Promise.resolve('7')),
    zRange: vi.fn(() => Promise.resolve(left.shift() ?? [])),
    removeCaches: vi.fn(() => Promise.resolve(1)),
  };
  const own = { member: () => '800 own', forget: vi.fn() };
  const clock = { ms: 0 };
  const fence = createCacheFence({
    redis: redis as unknown as RedisCommands,
    replicated: redis as unknown as RedisCommands,
    index: '{i}',
    own,
    monotonic: {
      now: () => clock.ms,
      wait: (ms) => {
        clock.ms += ms;
        return Promise.resolve();
      },
    },
  });
  return { redis, own, clock, end: () => fence.redis.endSession(['record', 'user'], []) };
}

test('a change without other caches raises no fence, and this process forgets what it changed', async () => {
  for (const caches of [[], ['800 own']]) {
    const { redis, own, end } = fenceOn([], caches);
    expect(await end()).toEqual(['ended', 'user', '1']);
    expect(own.forget).toHaveBeenCalledWith(['record', 'user']);
    expect(redis.raiseFence).not.toHaveBeenCalled();
  }
});

test('a change waits until every other cache has reached the fence, and not for this process', async () => {
  const { redis, clock, end } = fenceOn([[OTHER], [OTHER], ['800 own']]);
  await end();
  expect(redis.zRange).toHaveBeenCalledTimes(3);
  expect(clock.ms).toBeLessThan(10);
  expect(redis.removeCaches).not.toHaveBeenCalled();
});

test('a cache that does not reach it is waited for until its lease is over by a slow clock, and removed', async () => {
  const { redis, clock, end } = fenceOn(Array.from({ length: 1000 }, () => [OTHER]));
  await end();
  expect(clock.ms).toBeGreaterThanOrEqual(880);
  expect(clock.ms).toBeLessThan(1000);
  expect(redis.removeCaches).toHaveBeenCalledWith(['{i}:caches', '{i}:fence'], ['7', OTHER]);
});

test('a cache that does not say how long its leases are is waited for as long as any may last', async () => {
  const { clock, end } = fenceOn(Array.from({ length: 1000 }, () => ['of another version']));
  await end();
  expect(clock.ms).toBeGreaterThanOrEqual(1100);
});

test('changes that arrive while a fence is being reached share the next one', async () => {
  const { redis, end } = fenceOn([[OTHER], [OTHER]]);
  await Promise.all([end(), end(), end()]);
  expect(redis.raiseFence.mock.calls.length).toBeLessThanOrEqual(2);
});

test('a change whose fence cannot be raised is not acknowledged, and the next one tries again', async () => {
  const { redis, end } = fenceOn([]);
  redis.raiseFence.mockRejectedValueOnce(new Error('no reply'));
  await expect(end()).rejects.toThrow('no reply');
  expect(await end()).toEqual(['ended', 'user', '1']);
});
