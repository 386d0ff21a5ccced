import type { Round } from '../load/rounds.ts';
import { byContender } from './by-contender.ts';
import type { Table } from './table.ts';

/** One line per contender. */
export const roundsTable = (rounds: readonly Round[], baseline: string): Table => ({
  head: ['', 'CPU µs / request', 'CPU ÷ classic', "Redis' CPU µs", 'p50 ms', 'p99 ms', 'p99 ÷ classic', 'requests / s'],
  lines: byContender(rounds, baseline).map(({ name, median, ratio }) => [
    name,
    median(({ cpuUsPerRequest }) => cpuUsPerRequest),
    ratio(({ cpuUsPerRequest }) => cpuUsPerRequest),
    median(({ redisUsPerRequest }) => redisUsPerRequest),
    median(({ p50Ms }) => p50Ms, 2),
    median(({ p99Ms }) => p99Ms, 2),
    ratio(({ p99Ms }) => p99Ms),
    median(({ perSecond }) => perSecond),
  ]),
});
