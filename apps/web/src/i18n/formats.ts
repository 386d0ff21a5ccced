import type { Messages } from './catalogs.ts';

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

const EXACT: Intl.DateTimeFormatOptions = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  minute: '2-digit',
};

/** Dates, numbers and durations in a language, in the local time zone. */
export interface Formats {
  /** "Mon, 24 Nov 2025, 06:14", "Mon, Nov 24, 2025, 6:14 AM". */
  readonly exactTime: (at: Date) => string;
  /** "1 Mar 2024" for the calendar date "2024-03-01"; other text as it is. */
  readonly day: (date: string) => string;
  /** "in 13 days", "2 hours ago". Rounds down to whole units: 13 days and 22 hours are 13 days. */
  readonly relativeTime: (then: Date, now: Date) => string;
  /**
   * For past events: never in the future. A recent event can be later than `now`, which is based on the server's last response and updated
   * at intervals.
   */
  readonly timeAgo: (then: Date, now: Date) => string;
  /** "in 40 seconds", "in 2 minutes". Rounds up. */
  readonly wait: (seconds: number) => string;
  /** "1,204". */
  readonly number: (value: number) => string;
  /** "a, b and c". */
  readonly list: (items: readonly string[]) => string;
}

/** `words`: the messages of the feature `time`. */
export function createFormats(tag: string, words: () => Messages['time'] | undefined): Formats {
  // "06:14", but "6:14 AM".
  const hasHalfDays = new Intl.DateTimeFormat(tag, { hour: 'numeric' }).resolvedOptions().hour12 === true;
  const exact = new Intl.DateTimeFormat(tag, { ...EXACT, hour: hasHalfDays ? 'numeric' : '2-digit' });
  // A calendar date is the same day in every time zone.
  const day = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' });
  const number = new Intl.NumberFormat(tag);
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'always' });
  const list = new Intl.ListFormat(tag, { type: 'conjunction' });

  const relativeTime = (then: Date, now: Date): string => {
    const ms = then.getTime() - now.getTime();
    for (const { unit, ms: unitMs, slackMs } of UNITS) {
      const count = Math.floor((Math.abs(ms) + slackMs) / unitMs);
      if (count > 0) return relative.format(ms < 0 ? -count : count, unit);
    }
    return (ms > 0 ? words()?.soon : words()?.justNow) ?? relative.format(0, 'minute');
  };

  return {
    // "AM" stays with its time.
    exactTime: (at) => exact.format(at).replace(/(?<=\p{Nd})\s(?=\S+$)/u, '\u00a0'),
    day: (date) => (/^\d{4}-\d{2}-\d{2}$/.test(date) ? day.format(new Date(`${date}T00:00:00Z`)) : date),
    relativeTime,
    timeAgo: (then, now) => relativeTime(then < now ? then : now, now),
    wait(seconds) {
      const [unit, size] =
        seconds >= 7200 ? (['hour', 3600] as const) : seconds >= 120 ? (['minute', 60] as const) : (['second', 1] as const);
      return relative.format(Math.max(1, Math.ceil(seconds / size)), unit);
    },
    number: (value) => number.format(value),
    list: (items) => list.format(items),
  };
}
