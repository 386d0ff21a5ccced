import { expect, test } from 'vitest';
import { relativeTime } from './relative-time.ts';

const now = new Date('2026-03-01T12:00:00Z');
const at = (text: string) => relativeTime(new Date(text), now);

test('a fortnight less a second is 13 days: it never promises more than is left', () => {
  expect(at('2026-03-15T11:59:59Z')).toBe('in 13 days');
});

test('a moment is in less than a minute, or just now', () => {
  expect(at('2026-03-01T12:00:59Z')).toBe('in less than a minute');
  expect(at('2026-03-01T12:00:00Z')).toBe('just now');
  expect(at('2026-03-01T11:59:01Z')).toBe('just now');
});

test.each([
  ['2026-03-01T12:01:00Z', 'in 1 minute'],
  ['2026-03-01T11:00:00Z', '1 hour ago'],
  ['2026-02-28T12:00:00Z', '1 day ago'],
  ['2026-05-30T12:00:00Z', 'in 90 days'],
  ['2028-03-01T12:00:00Z', 'in 2 years'],
])('%s is read as %s', (then, words) => {
  expect(at(then)).toBe(words);
});
