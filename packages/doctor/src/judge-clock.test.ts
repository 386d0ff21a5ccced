import { expect, test } from 'vitest';
import { skewMs } from './facts/clock-reading.ts';
import { judgeClock } from './judge-clock.ts';

test.each([
  // The round trip took 800 ms; the clock was read at some moment in between.
  [{ askedAtMs: 1000, theirsMs: 1500, answeredAtMs: 1800 }, 0],
  [{ askedAtMs: 1000, theirsMs: 2000, answeredAtMs: 1800 }, 200],
  [{ askedAtMs: 1000, theirsMs: 700, answeredAtMs: 1800 }, -300],
])('the round trip does not count as a difference: %j', (reading, skew) => {
  expect(skewMs(reading)).toBe(skew);
});

test.each([
  [1900, 'ok', /agree/],
  [2100, 'warning', /2\.1 s ahead of/],
  [-2100, 'warning', /2\.1 s behind/],
  [29_900, 'warning', /29\.9 s ahead of/],
  [30_100, 'error', /30\.1 s ahead of/],
  [-3_600_000, 'error', /3600\.0 s behind/],
] as const)('%d ms: %s', (skew, severity, found) => {
  const verdict = judgeClock('Redis', { askedAtMs: 5_000_000, theirsMs: 5_000_000 + skew, answeredAtMs: 5_000_000 });
  expect(verdict).toMatchObject({ severity, found: expect.stringMatching(found) });
});
