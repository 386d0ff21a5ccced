import type { StartSample } from '../start/start.ts';
import { byContender } from './by-contender.ts';
import type { Table } from './table.ts';

/** One line per contender. */
export const startTable = (samples: readonly StartSample[], baseline: string): Table => ({
  head: ['', 'ready after ms', 'minimum … maximum', '÷ classic'],
  lines: byContender(samples, baseline).map(({ name, median, ratio, spread }) => {
    const { min = 0, max = 0 } = spread(({ readyMs }) => readyMs) ?? {};
    return [name, median(({ readyMs }) => readyMs), `${min.toFixed(0)} … ${max.toFixed(0)}`, ratio(({ readyMs }) => readyMs)];
  }),
});
