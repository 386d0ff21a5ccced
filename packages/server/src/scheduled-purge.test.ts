import type { Engine } from '@gatehouse/session';
import { expect, test, vi } from 'vitest';
import { scheduledPurge } from './scheduled-purge.ts';

const QUIET = { info: () => undefined, warn: () => undefined };

test('SESSION_PURGE_INTERVAL=0: a server never checks', async () => {
  const wait = vi.fn(() => Promise.resolve());
  const engine = { lease: vi.fn<Engine['lease']>(), purgeExpired: vi.fn<Engine['purgeExpired']>() };
  await scheduledPurge({ engine, intervalMs: 0, logger: QUIET, wait }).stop();
  expect(wait).not.toHaveBeenCalled();
  expect(engine.lease).not.toHaveBeenCalled();
});

test('a server checks at random moments, continues after a failed storage, and leaves the storage alone once it is stopped', async () => {
  const waits: number[] = [];
  const [info, warn] = [vi.fn(), vi.fn()];
  const checked = Promise.withResolvers<void>();
  let checks = 0;
  const random = [0, 1, 0.5];
  const batches = [2];
  const purge = scheduledPurge({
    engine: {
      purgeExpired: () => Promise.resolve(batches.shift() ?? 0),
      lease: () => ((checks += 1) === 1 ? Promise.reject(new Error('away')) : Promise.resolve(true)),
    },
    intervalMs: 1000,
    logger: { info, warn },
    random: () => random[waits.length] ?? 0,
    wait(ms, signal) {
      waits.push(ms);
      if (waits.length < 3) return Promise.resolve();
      checked.resolve();
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    },
  });
  await checked.promise;
  await purge.stop();
  expect(warn).toHaveBeenCalledTimes(1);
  expect(info.mock.calls).toEqual([[{ removed: 2 }, expect.any(String)]]);
  expect(waits).toEqual([50, 150, 100]);
  // Failed, acquired, and kept for the rest of the interval.
  expect(checks).toBe(3);
});
