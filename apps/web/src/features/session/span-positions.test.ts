import { expect, test } from 'vitest';
import { spanPositions } from './span-positions.ts';

const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n));
const clocks = { loginTime: day(0), expires: day(15), absoluteExpires: day(90) };

test('positions are shares of the session’s longest life', () => {
  expect(spanPositions(clocks, day(9))).toEqual({ now: 0.1, expires: 15 / 90 });
});

test('a clock outside the span stays on the bar', () => {
  expect(spanPositions(clocks, day(-1)).now).toBe(0);
  expect(spanPositions({ ...clocks, expires: day(200) }, day(100))).toEqual({ now: 1, expires: 1 });
});

test('a span of no length is over', () => {
  expect(spanPositions({ ...clocks, absoluteExpires: day(0) }, day(0))).toEqual({ now: 1, expires: 1 });
});
