const format = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** "Mon, 24 Nov 2025, 06:14", in the local time zone. */
export const exactTime = (at: Date): string => format.format(at);
