import { expect, test } from 'vitest';
import { time as german } from '../messages/de/time.ts';
import { time } from '../messages/en/time.ts';
import { createFormats } from './formats.ts';

const { day, relativeTime, timeAgo, wait, list, number } = createFormats('en-GB', () => time);

const now = new Date('2026-03-01T12:00:00Z');
const at = (text: string) => relativeTime(new Date(text), now);

test('a new session of 14 days ends in 14 days, not in 13', () => {
  expect(at('2026-03-15T12:00:00Z')).toBe('in 14 days');
  expect(at('2026-03-15T11:59:59Z')).toBe('in 14 days');
  expect(at('2026-03-15T11:00:00Z')).toBe('in 14 days');
});

test('the remaining time is not overstated noticeably', () => {
  expect(at('2026-03-15T10:59:59Z')).toBe('in 13 days');
  expect(at('2026-03-01T12:04:59Z')).toBe('in 4 minutes');
});

test('a calendar date is the same day in every time zone', () => {
  expect(day('2024-03-01')).toBe('1 Mar 2024');
  expect(createFormats('de', () => time).day('2024-03-01')).toBe('01.03.2024');
  expect(day('soon')).toBe('soon');
});

test('the hour has the digits of the language, and AM or PM stays in its line', () => {
  const morning = new Date(2026, 2, 1, 6, 4);
  expect(createFormats('en', () => time).exactTime(morning)).toMatch(/ 6:04\u00a0AM$/);
  expect(createFormats('en-GB', () => time).exactTime(morning)).toMatch(/ 06:04$/);
  expect(createFormats('de', () => time).exactTime(morning)).toMatch(/ 06:04$/);
});

test('less than a minute has its own wording', () => {
  expect(at('2026-03-01T12:00:59Z')).toBe('in less than a minute');
  expect(at('2026-03-01T12:00:00Z')).toBe('just now');
  expect(at('2026-03-01T11:59:01Z')).toBe('just now');
});

test.each([
  ['2026-03-01T12:01:00Z', 'in 1 minute'],
  ['2026-03-01T12:58:59Z', 'in 58 minutes'],
  ['2026-03-01T12:59:00Z', 'in 1 hour'],
  ['2026-03-02T11:59:59Z', 'in 1 day'],
  ['2026-03-01T11:00:00Z', '1 hour ago'],
  ['2026-02-28T12:00:00Z', '1 day ago'],
  ['2026-05-30T12:00:00Z', 'in 90 days'],
  ['2028-03-01T12:00:00Z', 'in 2 years'],
])('%s is shown as %s', (then, words) => {
  expect(at(then)).toBe(words);
});

test.each(['2026-03-01T12:00:10Z', '2026-03-01T12:05:00Z', '2026-03-02T12:00:00Z'])(
  'a past event at %s is not shown in the future if the page’s clock is behind',
  (then) => {
    expect(timeAgo(new Date(then), now)).toBe('just now');
  },
);

test('a past event is shown with its distance', () => {
  expect(timeAgo(new Date('2026-03-01T10:00:00Z'), now)).toBe('2 hours ago');
});

test.each([
  [1, 'in 1 second'],
  [119, 'in 119 seconds'],
  [120, 'in 2 minutes'],
  [121, 'in 3 minutes'],
  [7200, 'in 2 hours'],
])('a wait of %i seconds is %s', (seconds, words) => {
  expect(wait(seconds)).toBe(words);
});

test('another language formats everything in its own way', () => {
  const formats = createFormats('de-AT', () => german as unknown as typeof time);
  expect(formats.relativeTime(new Date('2026-03-15T12:00:00Z'), now)).toBe('in 14 Tagen');
  expect(formats.relativeTime(now, now)).toBe('gerade eben');
  expect(formats.exactTime(now)).toMatch(/März/);
  expect([formats.number(1204.5), number(1204.5)]).toEqual(['1\u00a0204,5', '1,204.5']);
  expect([formats.list(['a', 'b', 'c']), list(['a', 'b', 'c'])]).toEqual(['a, b und c', 'a, b and c']);
});
