import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { stopwatch } from './stopwatch.ts';

test('it goes while this process waits, and hardly while it has no time', async () => {
  const waited = stopwatch();
  await sleep(300);
  const waitedMs = waited();
  expect(waitedMs).toBeGreaterThan(100);

  const stalled = stopwatch();
  const until = performance.now() + 500;
  while (performance.now() < until);
  expect(stalled()).toBeLessThan(100);
});
