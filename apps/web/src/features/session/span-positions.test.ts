import { expect, test } from 'vitest';
import { spanPositions } from './span-positions.ts';

const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n));
const times = { loginTime: day(0), expires: day(15), absoluteExpires: day(90) };

test('positions are fractions of the session’s maximum lifetime', () => {
  expect(spanPositions(times, day(9))).toEqual({ now: 0.1, expires: 15 / 90 });
});

test('times outside the span are clamped', () => {
  expect(spanPositions(times, day(-1)).now).toBe(0);
  expect(spanPositions({ ...times, expires: day(200) }, day(100))).toEqual({ now: 1, expires: 1 });
});

test('an empty span has ended', () => {
  expect(spanPositions({ ...times, absoluteExpires: day(0) }, day(0))).toEqual({ now: 1, expires: 1 });
});
