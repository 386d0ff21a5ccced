import { expect, test } from 'vitest';
import { formatRetryAfter } from './retry-after.ts';

test.each([
  [0, 'in 1 second'],
  [1, 'in 1 second'],
  [40, 'in 40 seconds'],
  [119, 'in 119 seconds'],
  [121, 'in 3 minutes'],
  [900, 'in 15 minutes'],
  [86_400, 'in 24 hours'],
])('%i s is rounded up, so that a retry does not come too early', (seconds, words) => {
  expect(formatRetryAfter(seconds)).toBe(words);
});
