import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { StorageUnavailableError } from './errors.ts';
import { createKeyQueue } from './key-queue.ts';

test('tasks of one key run in sequence', async () => {
  const runSerialized = createKeyQueue();
  const log: string[] = [];
  const task = (name: string) => async () => {
    log.push(`${name} begins`);
    await setImmediate();
    log.push(`${name} ends`);
    return name;
  };
  expect(await Promise.all([runSerialized('k', task('a')), runSerialized('k', task('b')), runSerialized('k', task('c'))])).toEqual([
    'a',
    'b',
    'c',
  ]);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('tasks of different keys run in parallel', async () => {
  const runSerialized = createKeyQueue();
  const gate = Promise.withResolvers<string>();
  const first = runSerialized('a', () => gate.promise);
  expect(await runSerialized('b', async () => 'second')).toBe('second');
  gate.resolve('first');
  expect(await first).toBe('first');
});

test('a failed task does not affect the next one', async () => {
  const runSerialized = createKeyQueue();
  const failed = runSerialized('k', async () => Promise.reject(new Error('mine')));
  const next = runSerialized('k', async () => 'fine');
  await expect(failed).rejects.toThrow('mine');
  expect(await next).toBe('fine');
});

test('semantics 41: tasks queued behind an unavailable storage get its error at once', async () => {
  const runSerialized = createKeyQueue();
  const gate = Promise.withResolvers<never>();
  let ran = 0;
  const tasks = [runSerialized('k', () => gate.promise), ...Array.from({ length: 5 }, () => runSerialized('k', async () => void ran++))];
  gate.reject(new StorageUnavailableError('no answer'));
  const outcomes = await Promise.allSettled(tasks);
  expect(outcomes.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'rejected'));
  expect(ran).toBe(0);
  expect(await runSerialized('k', async () => 'recovered')).toBe('recovered');
});
