import { ratioText, spreadOf, type Spread } from './spread.ts';

/** A measurement of one contender in one round. */
export interface Sample {
  readonly contender: string;
  readonly round: number;
}

/** The samples of one contender, beside those of the baseline. */
export interface Compared<Of extends Sample> {
  readonly name: string;
  readonly own: readonly Of[];
  readonly spread: (value: (sample: Of) => number | undefined) => Spread | undefined;
  /** `–` without a value. */
  readonly median: (value: (sample: Of) => number | undefined, digits?: number) => string;
  /** Compares samples of the same round, so that other load on the machine cancels out. `–` without a baseline. */
  readonly ratio: (value: (sample: Of) => number) => string;
}

/** One entry per contender, sorted by name. */
export function byContender<Of extends Sample>(samples: readonly Of[], baseline: string): Compared<Of>[] {
  const names = [...new Set(samples.map(({ contender }) => contender))];
  const base = new Map(samples.filter(({ contender }) => contender === baseline).map((sample) => [sample.round, sample]));
  return names.toSorted().map((name) => {
    const own = samples.filter(({ contender }) => contender === name);
    const spread = (value: (sample: Of) => number | undefined): Spread | undefined =>
      spreadOf(own.flatMap((sample) => value(sample) ?? []));
    return {
      name,
      own,
      spread,
      median: (value, digits = 0) => spread(value)?.median.toFixed(digits) ?? '–',
      ratio: (value) =>
        ratioText(
          spread((sample) => {
            const other = base.get(sample.round);
            return other && value(sample) / value(other);
          }),
        ),
    };
  });
}
