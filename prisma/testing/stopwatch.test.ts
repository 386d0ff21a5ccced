import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { stopwatch } from './stopwatch.ts';

test('the stopwatch runs while the process waits, and nearly stops while it is blocked', async () => {
  const waited = stopwatch();
  await sleep(300);
  const waitedMs = waited();
  expect(waitedMs).toBeGreaterThan(100);

  const stalled = stopwatch();
  const until = performance.now() + 500;
  while (performance.now() < until);
  expect(stalled()).toBeLessThan(100);
});
