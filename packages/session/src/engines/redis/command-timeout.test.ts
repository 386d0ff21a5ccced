import { expect, test } from 'vitest';
import { createCommandTimeout } from './command-timeout.ts';

test('the number of timed-out commands without a reply is limited, and commands are accepted again after the replies', async () => {
  const withinLimit = createCommandTimeout({ timeoutMs: 1, message: 'too late' });
  const release: (() => void)[] = [];
  const ask = (): Promise<void> => new Promise((resolve) => void release.push(resolve));
  for (let round = 0; round < 10; round += 1)
    await Promise.all(Array.from({ length: 100 }, () => expect(withinLimit(ask)).rejects.toThrow('too late')));
  expect(release).toHaveLength(200);
  for (const answer of release) answer();
  await Promise.resolve();
  expect(await withinLimit(() => Promise.resolve('answered'))).toBe('answered');
});

test('a reply or an error in time is returned unchanged', async () => {
  const withinLimit = createCommandTimeout({ timeoutMs: 60_000, message: 'too late' });
  expect(await withinLimit(() => Promise.resolve(1))).toBe(1);
  await expect(withinLimit(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
});
