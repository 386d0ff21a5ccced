/** Names of hours in local time, and of days in UTC, because the server counts by days of UTC: "2 PM", "24 Nov". */
export function bucketLabels(period: 'hours' | 'days', locale: string): (from: Date) => string {
  const format = new Intl.DateTimeFormat(
    locale,
    period === 'hours' ? { hour: 'numeric' } : { day: 'numeric', month: 'short', timeZone: 'UTC' },
  );
  return (from) => format.format(from);
}
