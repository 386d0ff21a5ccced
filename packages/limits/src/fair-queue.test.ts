import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createFairQueue } from './fair-queue.ts';

/** A queue whose tasks run until the test ends them. `begun` lists their names in the order in which they started. */
function heldQueue({ concurrency = 1, maxWaiting = 8, maxPerKey = 8 } = {}) {
  const lane = (weight: number) => ({ weight, reserved: maxWaiting / 2, maxPerKey });
  const queue = createFairQueue({ concurrency, maxWaiting, lanes: { first: lane(3), second: lane(1) } });
  const begun: string[] = [];
  const refused: string[] = [];
  const ends: (() => void)[] = [];
  const done: Promise<void>[] = [];
  return {
    queue,
    begun,
    refused,
    add(lane: 'first' | 'second', key: string, name = key, signal?: AbortSignal): void {
      const task = (): Promise<void> => new Promise((resolve) => (begun.push(name), ends.push(resolve)));
      done.push(queue.run({ lane, key, signal }, task).then(({ ran }) => void (ran || refused.push(name))));
    },
    /** Ends running tasks, and those that start after them, until none are left. */
    async drain(): Promise<void> {
      while (queue.load().running > 0) {
        // oxlint-disable-next-line no-await-in-loop -- lets the queue start the next one
        await setImmediate();
        ends.splice(0).forEach((end) => end());
      }
      await Promise.all(done);
    },
  };
}

test('keys take turns, so a key with many tasks delays another by one task per round', async () => {
  const { add, begun, drain } = heldQueue();
  add('first', 'running');
  for (const name of ['a1', 'a2', 'a3', 'a4']) add('first', 'a', name);
  add('first', 'b', 'b1');
  add('first', 'c', 'c1');
  add('first', 'c', 'c2');
  await drain();
  expect(begun).toEqual(['running', 'a1', 'b1', 'c1', 'a2', 'c2', 'a3', 'a4']);
});

test('lanes take turns by weight, and neither starves the other', async () => {
  const { add, begun, drain } = heldQueue({ maxWaiting: 16 });
  add('first', 'running', '-');
  for (let number = 1; number <= 8; number += 1) {
    add('second', `s${number}`, 's');
    add('first', `f${number}`, 'f');
  }
  await drain();
  expect(begun.join('')).toBe('-ffsfffsfffssssss');
});

test('an idle lane does not accumulate turns', async () => {
  const { add, begun, drain } = heldQueue({ maxWaiting: 16 });
  add('second', 'running', '-');
  for (let number = 1; number <= 4; number += 1) add('second', `s${number}`, 's');
  await drain();
  add('second', 'running', '-');
  for (let number = 1; number <= 4; number += 1) {
    add('first', `f${number}`, 'f');
    add('second', `s${number}`, 's');
  }
  await drain();
  expect(begun.join('')).toBe('-ssss-ffsffsss');
});

test('the waiting tasks of one key are limited, and so are all waiting tasks', async () => {
  const { add, refused, queue, drain } = heldQueue({ maxPerKey: 3 });
  add('first', 'running');
  for (let number = 1; number <= 5; number += 1) add('first', 'a', `a${number}`);
  await setImmediate();
  expect(refused).toEqual(['a4', 'a5']);
  for (let number = 1; number <= 5; number += 1) add('first', `b${number}`);
  expect(queue.load()).toEqual({ running: 1, waiting: 8, keys: 6 });
  add('first', 'a', 'a6');
  await setImmediate();
  expect(queue.load().waiting).toBe(8);
  await drain();
  expect(refused).toEqual(['a4', 'a5', 'a6']);
});

test('when the queue is full, a key with fewer tasks displaces the last task of the key with the most', async () => {
  const { add, refused, begun, drain } = heldQueue();
  add('first', 'running');
  for (let number = 1; number <= 6; number += 1) add('first', 'a', `a${number}`);
  add('first', 'b', 'b1');
  add('first', 'b', 'b2');
  add('first', 'c', 'c1');
  add('first', 'b', 'b3');
  await drain();
  expect(refused.toSorted()).toEqual(['a5', 'a6']);
  expect(begun).toEqual(['running', 'a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'b3', 'a4']);
});

test('when the queue is full, a key with as many tasks as the others is refused', async () => {
  const { add, refused, drain } = heldQueue();
  add('first', 'running');
  for (let number = 1; number <= 9; number += 1) add('first', `k${number}`);
  await drain();
  expect(refused).toEqual(['k9']);
});

test('of two keys with equally many waiting tasks, the one with more attempts is displaced', async () => {
  const { queue, refused, add, drain } = heldQueue();
  add('first', 'running');
  const outcomes = [1, 4, 2, 4, 1, 3, 1, 2].map((attempts, number) =>
    queue.run({ lane: 'first', key: `k${number}`, attempts }, () => Promise.resolve()),
  );
  outcomes.push(
    ...[3, 4, 1].map((attempts) => queue.run({ lane: 'first', key: `late, attempt ${attempts}`, attempts }, () => Promise.resolve())),
  );
  await drain();
  const ran = (await Promise.all(outcomes)).map((outcome) => outcome.ran);
  expect(ran).toEqual([true, false, true, false, true, true, true, true, true, false, true]);
  expect(refused).toEqual([]);
});

test('keys with fewer attempts run first; equal keys keep their order', async () => {
  const { queue, drain, add } = heldQueue();
  const begun: string[] = [];
  add('first', 'running');
  for (const [key, attempts] of [
    ['a', 2],
    ['b', 1],
    ['c', 2],
    ['d', 1],
  ] as const)
    void queue.run({ lane: 'first', key, attempts }, async () => void begun.push(key));
  await drain();
  expect(begun).toEqual(['b', 'd', 'a', 'c']);
});

test.each([
  ['first', 'second'],
  ['second', 'first'],
] as const)('the reserved share of the lane %s cannot be used up by the other lane', async (own, other) => {
  const { add, refused, begun, drain } = heldQueue();
  add(other, 'running');
  for (let number = 1; number <= 8; number += 1) add(other, `o${number}`);
  for (let number = 1; number <= 5; number += 1) add(own, `n${number}`);
  await drain();
  // Each lane has half of the queue. Its last task is refused, because it is no stronger than the others.
  expect(refused.toSorted()).toEqual(['n5', 'o5', 'o6', 'o7', 'o8']);
  expect(begun).toHaveLength(9);
});

test('a client that disconnects leaves the queue, and its task never starts', async () => {
  const { add, begun, refused, queue, drain } = heldQueue({ maxWaiting: 2 });
  const gone = new AbortController();
  add('first', 'running');
  add('first', 'a', 'a1', gone.signal);
  add('first', 'b');
  gone.abort();
  expect(queue.load()).toEqual({ running: 1, waiting: 1, keys: 1 });
  add('first', 'c');
  add('first', 'd', 'd1', gone.signal);
  await drain();
  expect(begun).toEqual(['running', 'b', 'c']);
  expect(refused.toSorted()).toEqual(['a1', 'd1']);
});

test('disconnecting while the task runs, or afterwards, has no effect', async () => {
  const { add, begun, refused, queue, drain } = heldQueue();
  const gone = new AbortController();
  add('first', 'running', 'running', gone.signal);
  add('first', 'a', 'a', gone.signal);
  add('first', 'b');
  gone.abort();
  await drain();
  gone.abort();
  expect([begun, refused]).toEqual([['running', 'b'], ['a']]);
  expect(queue.load()).toEqual({ running: 0, waiting: 0, keys: 0 });
});

test('a failing task frees its slot, and no key stays in memory', async () => {
  const { queue } = heldQueue();
  const failing = Array.from({ length: 9 }, (_, number) =>
    queue.run({ lane: 'first', key: `k${number}` }, () => Promise.reject(new Error(`failed ${number}`))),
  );
  const outcomes = await Promise.allSettled(failing);
  expect(outcomes.every((outcome) => outcome.status === 'rejected')).toBe(true);
  expect(queue.load()).toEqual({ running: 0, waiting: 0, keys: 0 });
  expect(await queue.run({ lane: 'second', key: 'k' }, async () => 'next')).toEqual({ ran: true, result: 'next' });
});

test('the concurrency limit is never exceeded', async () => {
  const { add, begun, queue, drain } = heldQueue({ concurrency: 3 });
  for (let number = 1; number <= 8; number += 1) add('first', `k${number}`);
  await setImmediate();
  expect(begun).toHaveLength(3);
  expect(queue.load()).toMatchObject({ running: 3, waiting: 5 });
  await drain();
  expect(begun).toHaveLength(8);
});
