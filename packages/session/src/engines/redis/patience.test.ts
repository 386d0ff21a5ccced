import { expect, test } from 'vitest';
import { createPatience } from './patience.ts';

test('commands that are given up and never answered are held in a bounded number, and let through again once they are answered', async () => {
  const inTime = createPatience({ forMs: 1, otherwise: 'too late' });
  const release: (() => void)[] = [];
  const ask = (): Promise<void> => new Promise((resolve) => void release.push(resolve));
  for (let round = 0; round < 10; round += 1)
    await Promise.all(Array.from({ length: 100 }, () => expect(inTime(ask)).rejects.toThrow('too late')));
  expect(release).toHaveLength(200);
  for (const answer of release) answer();
  await Promise.resolve();
  expect(await inTime(() => Promise.resolve('answered'))).toBe('answered');
});

test('an answer that comes, or fails, in time is given as it is', async () => {
  const inTime = createPatience({ forMs: 60_000, otherwise: 'too late' });
  expect(await inTime(() => Promise.resolve(1))).toBe(1);
  await expect(inTime(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
});
