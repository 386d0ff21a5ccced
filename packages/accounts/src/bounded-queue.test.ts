import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createBoundedQueue } from './bounded-queue.ts';
import { TooBusyError } from './account-errors.ts';

test('security 19: the concurrency limit is never exceeded, and accepted tasks run in order', async () => {
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

test('security 19: a full queue rejects immediately, and accepts again later', async () => {
  const queued = createBoundedQueue({ concurrency: 1, maxWaiting: 1 });
  let finish: (value: string) => void = () => undefined;
  const running = queued(() => new Promise<string>((resolve) => (finish = resolve)));
  const waiting = queued(async () => 'second');
  await expect(queued(async () => 'third')).rejects.toBeInstanceOf(TooBusyError);
  finish('first');
  expect(await Promise.all([running, waiting])).toEqual(['first', 'second']);
  expect(await queued(async () => 'fourth')).toBe('fourth');
});

test('a failing task frees its slot', async () => {
  const queued = createBoundedQueue({ concurrency: 1, maxWaiting: 0 });
  const failing = queued(async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await queued(async () => 'next')).toBe('next');
});
