const MINUTE_MS = 60_000;
const UNITS: ReadonlyArray<readonly [unit: Intl.RelativeTimeFormatUnit, ms: number]> = [
  ['year', 365 * 24 * 60 * MINUTE_MS],
  ['day', 24 * 60 * MINUTE_MS],
  ['hour', 60 * MINUTE_MS],
  ['minute', MINUTE_MS],
];

const words = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** "in 13 days", "2 hours ago". Never says more than is left: 13 days and 23 hours are 13 days. */
export function relativeTime(then: Date, now: Date): string {
  const ms = then.getTime() - now.getTime();
  const [unit, size] = UNITS.find(([, unitMs]) => Math.abs(ms) >= unitMs) ?? [];
  if (unit === undefined || size === undefined) return ms > 0 ? 'in less than a minute' : 'just now';
  return words.format(Math.trunc(ms / size), unit);
}
