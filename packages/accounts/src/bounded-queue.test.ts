import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createBoundedQueue } from './bounded-queue.ts';
import { TooBusyError } from './too-busy-error.ts';

test('security 19: never more at once than allowed; all that are let in are done, in order', async () => {
  const queued = createBoundedQueue({ concurrency: 2, maxWaiting: 100 });
  let running = 0;
  let most = 0;
  const done: number[] = [];
  await Promise.all(
    Array.from({ length: 50 }, (_, number) =>
      queued(async () => {
        running += 1;
        most = Math.max(most, running);
        await setImmediate();
        running -= 1;
        done.push(number);
      }),
    ),
  );
  expect(most).toBe(2);
  expect(done).toEqual(Array.from({ length: 50 }, (_, number) => number));
});

test('security 19: past the limit the answer comes at once, and afterwards there is room again', async () => {
  const queued = createBoundedQueue({ concurrency: 1, maxWaiting: 1 });
  let finish: (value: string) => void = () => undefined;
  const running = queued(() => new Promise<string>((resolve) => (finish = resolve)));
  const waiting = queued(async () => 'second');
  await expect(queued(async () => 'third')).rejects.toBeInstanceOf(TooBusyError);
  finish('first');
  expect(await Promise.all([running, waiting])).toEqual(['first', 'second']);
  expect(await queued(async () => 'fourth')).toBe('fourth');
});

test('a task that fails gives its place back', async () => {
  const queued = createBoundedQueue({ concurrency: 1, maxWaiting: 0 });
  const failing = queued(async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await queued(async () => 'next')).toBe('next');
});
