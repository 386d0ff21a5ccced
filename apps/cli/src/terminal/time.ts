const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const absolute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** `3 minutes ago`, `in 13 days`: rounded to whole units. */
export function fromNow(time: Date, now: Date): string {
  const distance = time.getTime() - now.getTime();
  for (const [unit, size] of UNITS) {
    if (Math.abs(distance) >= size) return relative.format(Math.round(distance / size), unit);
  }
  return 'now';
}

/** `24 Nov 2025, 06:14 (3 minutes ago)`, in the time zone of the terminal. */
export const atAndFromNow = (time: Date, now: Date): string => `${absolute.format(time)} (${fromNow(time, now)})`;
