import type { Round } from '../load/rounds.ts';
import { ratioText, spreadOf } from './spread.ts';
import type { Table } from './table.ts';

/** One line per contender. Ratios compare bursts of the same round, so that other load on the machine cancels out. */
export function roundsTable(rounds: readonly Round[], baseline: string): Table {
  const names = [...new Set(rounds.map(({ contender }) => contender))];
  const base = new Map(rounds.filter(({ contender }) => contender === baseline).map((round) => [round.round, round]));
  const lines = names.toSorted().map((name) => {
    const own = rounds.filter(({ contender }) => contender === name);
    const median = (value: (round: Round) => number | undefined, digits = 0): string =>
      spreadOf(own.flatMap((round) => value(round) ?? []))?.median.toFixed(digits) ?? '–';
    const ratio = (value: (round: Round) => number): string =>
      ratioText(
        spreadOf(
          own.flatMap((round) => {
            const other = base.get(round.round);
            return other ? [value(round) / value(other)] : [];
          }),
        ),
      );
    return [
      name,
      median(({ cpuUsPerRequest }) => cpuUsPerRequest),
      ratio(({ cpuUsPerRequest }) => cpuUsPerRequest),
      median(({ redisUsPerRequest }) => redisUsPerRequest),
      median(({ p50Ms }) => p50Ms, 2),
      median(({ p99Ms }) => p99Ms, 2),
      ratio(({ p99Ms }) => p99Ms),
      median(({ perSecond }) => perSecond),
    ];
  });
  return {
    head: ['', 'CPU µs / request', 'CPU ÷ classic', "Redis' CPU µs", 'p50 ms', 'p99 ms', 'p99 ÷ classic', 'requests / s'],
    lines,
  };
}
