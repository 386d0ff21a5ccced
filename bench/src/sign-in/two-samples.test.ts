import { expect, test } from 'vitest';
import { twoSamples } from './two-samples.ts';

const upTo = (count: number, shift = 0) => Array.from({ length: count }, (_, at) => at + shift);

test('a shifted distribution is distinguishable, an equal one is not', () => {
  const same = twoSamples(upTo(200), upTo(200, 0.5));
  expect(same.distance).toBeLessThan(same.critical);
  const shifted = twoSamples(upTo(200), upTo(200, 50));
  expect(shifted.distance).toBeCloseTo(0.25, 1);
  expect(shifted.distance).toBeGreaterThan(shifted.critical);
});
