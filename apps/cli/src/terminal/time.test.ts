import { expect, test } from 'vitest';
import { fromNow } from './time.ts';

const NOW = new Date('2030-01-01T00:00:00Z');

test.each([
  [0, 'now'],
  [999, 'now'],
  [-1000, '1 second ago'],
  [-59_400, '59 seconds ago'],
  [60_000, 'in 1 minute'],
  [2 * 3_600_000 - 1, 'in 2 hours'],
  [14 * 86_400_000 - 1500, 'in 14 days'],
])('%d ms from now is "%s"', (distance, words) => {
  expect(fromNow(new Date(NOW.getTime() + distance), NOW)).toBe(words);
});
