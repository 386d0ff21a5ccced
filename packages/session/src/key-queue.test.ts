import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { StorageUnavailableError } from './errors.ts';
import { createKeyQueue } from './key-queue.ts';

test('tasks of one key run one after the other, in order', async () => {
  const inTurn = createKeyQueue();
  const log: string[] = [];
  const task = (name: string) => async () => {
    log.push(`${name} begins`);
    await setImmediate();
    log.push(`${name} ends`);
    return name;
  };
  expect(await Promise.all([inTurn('k', task('a')), inTurn('k', task('b')), inTurn('k', task('c'))])).toEqual(['a', 'b', 'c']);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('tasks of different keys run at once', async () => {
  const inTurn = createKeyQueue();
  const gate = Promise.withResolvers<string>();
  const first = inTurn('a', () => gate.promise);
  expect(await inTurn('b', async () => 'second')).toBe('second');
  gate.resolve('first');
  expect(await first).toBe('first');
});

test('a failed task is its own affair: the next one runs', async () => {
  const inTurn = createKeyQueue();
  const failed = inTurn('k', async () => Promise.reject(new Error('mine')));
  const next = inTurn('k', async () => 'fine');
  await expect(failed).rejects.toThrow('mine');
  expect(await next).toBe('fine');
});

test('semantics 41: who waits behind a storage that does not answer gets its error at once, and does not wait in turn', async () => {
  const inTurn = createKeyQueue();
  const gate = Promise.withResolvers<never>();
  let ran = 0;
  const tasks = [inTurn('k', () => gate.promise), ...Array.from({ length: 5 }, () => inTurn('k', async () => void ran++))];
  gate.reject(new StorageUnavailableError('no answer'));
  const outcomes = await Promise.allSettled(tasks);
  expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'rejected'));
  expect(ran).toBe(0);
  expect(await inTurn('k', async () => 'recovered')).toBe('recovered');
});
