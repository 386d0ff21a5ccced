import type { ContentionSample } from '../contention/contention.ts';
import { byContender } from './by-contender.ts';
import type { Table } from './table.ts';

/** One line per contender. Failures and lost increments are sums over all rounds. */
export const contentionTable = (samples: readonly ContentionSample[], baseline: string): Table => ({
  head: ['', 'p50 ms', 'p50 ÷ classic', 'p99 ms', 'p99 ÷ classic', 'requests / s', 'failed', 'increments lost'],
  lines: byContender(samples, baseline).map(({ name, own, median, ratio }) => {
    const sum = (value: (sample: ContentionSample) => number): number => own.reduce((total, sample) => total + value(sample), 0);
    return [
      name,
      median(({ p50Ms }) => p50Ms, 2),
      ratio(({ p50Ms }) => p50Ms),
      median(({ p99Ms }) => p99Ms, 2),
      ratio(({ p99Ms }) => p99Ms),
      median(({ perSecond }) => perSecond),
      String(sum(({ failures }) => failures)),
      own.some(({ lost }) => lost) ? `${sum(({ lost }) => lost?.increments ?? 0)} of ${sum(({ lost }) => lost?.of ?? 0)}` : '–',
    ];
  }),
});
