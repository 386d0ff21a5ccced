import type { Engine } from '@gatehouse/session';
import { expect, test } from 'vitest';
import { measureLatency } from './engine-latency.ts';

/** An engine whose calls take as long as the test says, by a clock that only they move. */
function timed() {
  let [nowMs, tookMs] = [0, 0];
  const call = async (): Promise<undefined> => {
    nowMs += tookMs;
    return undefined;
  };
  const failing = async (): Promise<never> => {
    nowMs += tookMs;
    throw new Error('no storage');
  };
  const calls = { load: call, find: call, create: call, update: failing, touch: call, claim: call, destroy: call };
  const { engine, read } = measureLatency({ name: 'fake', ...calls } as unknown as Engine, () => nowMs);
  return {
    read,
    pass: (ms: number) => (nowMs += ms),
    async run(name: 'find' | 'update' | 'destroy', ms: number) {
      tookMs = ms;
      await (engine[name] as () => Promise<unknown>)();
    },
  };
}

test('reads and writes are measured apart, failed ones as well', async () => {
  const { run, read } = timed();
  for (let ms = 1; ms <= 100; ms += 1) await run('find', ms);
  await run('destroy', 3);
  await expect(run('update', 2000)).rejects.toThrow('no storage');
  expect(read()).toEqual({ reads: { calls: 100, p50Ms: 50, p95Ms: 95 }, writes: { calls: 2, p50Ms: 3, p95Ms: 2000 } });
});

test('calls of more than five minutes ago do not count, and of many only the last thousand or so', async () => {
  const { run, read, pass } = timed();
  await run('find', 500);
  pass(5 * 60_000 + 1);
  expect(read().reads).toEqual({ calls: 0, p50Ms: null, p95Ms: null });
  for (let count = 0; count < 2000; count += 1) await run('find', 1);
  expect(read().reads).toEqual({ calls: 1024, p50Ms: 1, p95Ms: 1 });
});
