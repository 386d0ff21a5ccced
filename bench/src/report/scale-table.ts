import type { ScaleResult } from '../scale/scale.ts';
import type { Table } from './table.ts';

/** One line per storage and size. */
export const scaleTable = (results: readonly ScaleResult[]): Table => ({
  head: ['', 'stored', 'list devices ms', 'count ms', 'revoke all ms', 'purge ms (removed)', 'peak MiB', 'p99 of auth.me, purging ÷ quiet'],
  lines: results.map(({ storage, stored, operations, purgeTraffic }) => {
    const ms = (name: keyof typeof operations): string => {
      const result = operations[name];
      if (!result) return '–';
      return result.ok ? result.medianMs.toFixed(1) : `failed: ${inOneLine(result.problem)}`;
    };
    const { purge } = operations;
    const peaks = Object.values(operations).flatMap((result) => (result.ok ? [result.peakMiB] : []));
    return [
      storage,
      String(stored),
      ms('listDevices'),
      ms('count'),
      ms('revokeAll'),
      purge?.ok ? `${ms('purge')} (${purge.affected})` : ms('purge'),
      peaks.length > 0 ? Math.max(...peaks).toFixed(0) : '–',
      purgeTraffic
        ? `${(purgeTraffic.purgingMs / purgeTraffic.quietMs).toFixed(2)} (${purgeTraffic.purgingMs.toFixed(1)} ÷ ${purgeTraffic.quietMs.toFixed(1)} ms)`
        : '–',
    ];
  }),
});

/** The database's message without Prisma's lines before it, and without backquotes, which would break the table. */
const inOneLine = (problem: string): string =>
  (/Message: `([^`]*)`/.exec(problem)?.[1] ?? problem.trim().split('\n').at(-1) ?? '').slice(0, 100);
