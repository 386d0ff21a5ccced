const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `slackMs`: how much may be missing from a whole unit, so that a new session of 14 days ends "in 14 days", not "in 13 days". */
const UNITS: ReadonlyArray<{ unit: Intl.RelativeTimeFormatUnit; ms: number; slackMs: number }> = [
  { unit: 'year', ms: 365 * DAY_MS, slackMs: DAY_MS },
  { unit: 'day', ms: DAY_MS, slackMs: HOUR_MS },
  { unit: 'hour', ms: HOUR_MS, slackMs: MINUTE_MS },
  { unit: 'minute', ms: MINUTE_MS, slackMs: 0 },
];

const format = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** "in 13 days", "2 hours ago". Rounds down to whole units: 13 days and 22 hours are 13 days. */
export function relativeTime(then: Date, now: Date): string {
  const ms = then.getTime() - now.getTime();
  for (const { unit, ms: unitMs, slackMs } of UNITS) {
    const count = Math.floor((Math.abs(ms) + slackMs) / unitMs);
    if (count > 0) return format.format(ms < 0 ? -count : count, unit);
  }
  return ms > 0 ? 'in less than a minute' : 'just now';
}

/**
 * For past events: never in the future. A recent event can be later than `now`, which is based on the server's last response and updated at
 * intervals.
 */
export const timeAgo = (then: Date, now: Date): string => relativeTime(then < now ? then : now, now);
