export const PERIODS = ['hour', 'night', 'today', 'day', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

export interface Range {
  readonly period?: Period | undefined;
  /** Of an own range, ISO 8601. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Last night begins at 20:00 of yesterday and ends at 8:00 of today, in local time. */
const NIGHT = { beginsAt: 20, endsAt: 8 };

/** The times of a range: `since` inclusive, `until` exclusive. A time that is not valid is ignored. */
export function boundsOf({ period, since, until }: Range, nowMs: number): { readonly since?: string; readonly until?: string } {
  // To the minute, so that coming back to the page finds what has been loaded.
  const ago = (ms: number) => ({ since: new Date(Math.floor((nowMs - ms) / MINUTE_MS) * MINUTE_MS).toISOString() });
  switch (period) {
    case 'hour':
      return ago(HOUR_MS);
    case 'day':
      return ago(DAY_MS);
    case 'week':
      return ago(7 * DAY_MS);
    case 'month':
      return ago(30 * DAY_MS);
    case 'today':
      return { since: localTime(nowMs, 0, 0) };
    case 'night':
      return { since: localTime(nowMs, -1, NIGHT.beginsAt), until: localTime(nowMs, 0, NIGHT.endsAt) };
    case undefined:
      return { ...timeOf('since', since), ...timeOf('until', until) };
  }
}

/** Not by adding 24 hours: some days have 23 or 25. */
function localTime(nowMs: number, dayOffset: number, hour: number): string {
  const date = new Date(nowMs);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + dayOffset, hour).toISOString();
}

function timeOf(name: 'since' | 'until', text: string | undefined): { [name: string]: string } {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  // The server refuses times before 1970, and Date accepts some that ISO 8601 does not have.
  return ms > 0 && ms < MAX_MS ? { [name]: new Date(ms).toISOString() } : {};
}

/** The year 10000. */
const MAX_MS = 253_402_300_800_000;
