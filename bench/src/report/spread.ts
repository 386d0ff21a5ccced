export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  const [min, median, max] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return min === undefined || median === undefined || max === undefined ? undefined : { median, min, max };
}

/** `0.81 (0.77 … 0.86)` */
export const ratioText = (spread: Spread | undefined): string =>
  spread ? `${spread.median.toFixed(2)} (${spread.min.toFixed(2)} … ${spread.max.toFixed(2)})` : '–';
