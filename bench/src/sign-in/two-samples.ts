export interface TwoSamples {
  /** The greatest distance between the two distributions, 0 to 1 (Kolmogorov and Smirnov). */
  readonly distance: number;
  /** A distance beyond this has a chance of 1 in 100 where both are the same. */
  readonly critical: number;
}

/** Whether two lists of times can be told apart. https://en.wikipedia.org/wiki/Kolmogorov%E2%80%93Smirnov_test */
export function twoSamples(one: readonly number[], other: readonly number[]): TwoSamples {
  const share = (sorted: readonly number[], upTo: number): number => sorted.filter((value) => value <= upTo).length / sorted.length;
  const distance = Math.max(...[...one, ...other].map((at) => Math.abs(share(one, at) - share(other, at))));
  return { distance, critical: 1.628 * Math.sqrt((one.length + other.length) / (one.length * other.length)) };
}
