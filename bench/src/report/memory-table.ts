import type { MemorySample } from '../memory/memory.ts';
import { byContender } from './by-contender.ts';
import type { Table } from './table.ts';

/** One line per contender. */
export const memoryTable = (samples: readonly MemorySample[], baseline: string): Table => ({
  head: ['', 'at rest MiB', 'at rest ÷ classic', 'in use MiB', 'in use ÷ classic', 'peak MiB', 'peak ÷ classic'],
  lines: byContender(samples, baseline).map(({ name, median, ratio }) => [
    name,
    median(({ atRestMiB }) => atRestMiB),
    ratio(({ atRestMiB }) => atRestMiB),
    median(({ inUseMiB }) => inUseMiB),
    ratio(({ inUseMiB }) => inUseMiB),
    median(({ peakMiB }) => peakMiB),
    ratio(({ peakMiB }) => peakMiB),
  ]),
});
