import { expect, test } from 'vitest';
import { secondsLeft, spokenStep } from './time-left.ts';

test('seconds are rounded up and never negative', () => {
  const at = (ms: number) => secondsLeft(new Date(10_000), new Date(ms));
  expect([0, 1, 9_000, 9_001, 9_999, 10_000, 20_000].map(at)).toEqual([10, 10, 1, 1, 1, 0, 0]);
});

test('the time is spoken at 60 and 20 seconds only', () => {
  expect([300, 61, 60, 59, 21, 20, 1].map(spokenStep)).toEqual([undefined, undefined, 60, 60, 60, 20, 20]);
});
