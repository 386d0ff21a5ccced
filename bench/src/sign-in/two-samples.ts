export interface TwoSamples {
  /** The Kolmogorov–Smirnov distance of the two distributions, 0 to 1. */
  readonly distance: number;
  /** If both distributions are the same, the distance exceeds this value with a probability of 1%. */
  readonly critical: number;
}

/** Two-sample Kolmogorov–Smirnov test: whether two lists of times can be told apart. https://en.wikipedia.org/wiki/Kolmogorov%E2%80%93Smirnov_test */
export function twoSamples(one: readonly number[], other: readonly number[]): TwoSamples {
  const share = (sorted: readonly number[], upTo: number): number => sorted.filter((value) => value <= upTo).length / sorted.length;
  const distance = Math.max(...[...one, ...other].map((at) => Math.abs(share(one, at) - share(other, at))));
  return { distance, critical: 1.628 * Math.sqrt((one.length + other.length) / (one.length * other.length)) };
}
