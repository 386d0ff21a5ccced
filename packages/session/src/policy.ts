/**
 * When a session lives and dies: pure functions of its timestamps, the settings and a time that is passed in.
 * All times are epoch milliseconds of the server's clock.
 */

export interface Lifetimes {
  /** Idle age: `SESSION_COOKIE_AGE`. */
  readonly ageMs: number;
  /** However active: `SESSION_ABSOLUTE_AGE`. */
  readonly absoluteAgeMs: number;
  /** Every request renews: `SESSION_SAVE_EVERY_REQUEST`. */
  readonly sliding: boolean;
  /** Activity is written at most this often: `SESSION_ACTIVITY_INTERVAL`; 0 = on every request. */
  readonly activityIntervalMs: number;
  /** `SESSION_EXPIRE_AT_BROWSER_CLOSE`. */
  readonly expireAtBrowserClose: boolean;
}

export interface SessionTimestamps {
  readonly createdAtMs: number;
  /** From when the idle age counts: the last request when sliding, the last data write when not (as in Django). */
  readonly renewedAtMs: number;
  readonly lastActivityAtMs: number;
  /** As last written. Final: once passed, no later setting brings the session back. */
  readonly expiresAtMs: number;
  /** `setExpiry(seconds)`: 0 = until the browser closes; null = as the settings say. */
  readonly customAgeSeconds: number | null;
  /** `setExpiry(date)`. Does not slide. */
  readonly fixedExpiryMs: number | null;
}

/** What `setExpiry` was given. */
export type Expiry = Pick<SessionTimestamps, 'customAgeSeconds' | 'fixedExpiryMs'>;

/** As the settings say. */
export const NO_EXPIRY: Expiry = { customAgeSeconds: null, fixedExpiryMs: null };

/** The cookie ends with the browser, the session after the ordinary age. */
export const UNTIL_BROWSER_CLOSES: Expiry = { customAgeSeconds: 0, fixedExpiryMs: null };

/** 68 years: the largest number in the databases' column. */
export const MAX_AGE_SECONDS = 2_147_483_647;

/**
 * 9999-12-31T23:59:59.999Z, the last instant that every storage holds: MariaDB's DATETIME ends here, and PostgreSQL's driver
 * does not read a year of five digits. The first is the epoch.
 */
const LAST_INSTANT_MS = 253_402_300_799_999;

/**
 * Ends at this instant. One that a storage cannot hold becomes the nearest that it can: the absolute age ends the session long
 * before the last, and the first is over.
 */
export const fixedExpiry = (ms: number): Expiry => ({
  customAgeSeconds: null,
  fixedExpiryMs: Math.min(Math.max(Math.trunc(ms), 0), LAST_INSTANT_MS),
});

/** @throws RangeError for ages that no storage could hold. What settings give has passed. */
export function assertLifetimes(lifetimes: Lifetimes): void {
  const least = { ageMs: 1, absoluteAgeMs: 1, activityIntervalMs: 0 } as const;
  for (const [name, min] of Object.entries(least) as [keyof typeof least, number][]) {
    const ms = lifetimes[name];
    if (!(ms >= min && ms <= MAX_AGE_SECONDS * 1000))
      throw new RangeError(`lifetimes.${name} must be from ${min} to ${MAX_AGE_SECONDS * 1000} milliseconds (68 years), not ${ms}.`);
  }
}

export type Verdict = 'live' | 'expired';

export const absoluteExpiryMs = (timestamps: Pick<SessionTimestamps, 'createdAtMs'>, lifetimes: Lifetimes): number =>
  timestamps.createdAtMs + lifetimes.absoluteAgeMs;

/** When a session with these timestamps ends under today's settings, so that a changed age applies to open sessions. */
export function expiryMs(timestamps: Omit<SessionTimestamps, 'expiresAtMs'>, lifetimes: Lifetimes): number {
  const idle = timestamps.fixedExpiryMs ?? timestamps.renewedAtMs + idleAgeMs(timestamps, lifetimes);
  return Math.min(idle, absoluteExpiryMs(timestamps, lifetimes));
}

/** A browser-close session still ends on the server: after the ordinary age, as in Django. */
const idleAgeMs = (timestamps: Pick<SessionTimestamps, 'customAgeSeconds'>, lifetimes: Lifetimes): number =>
  timestamps.customAgeSeconds ? timestamps.customAgeSeconds * 1000 : lifetimes.ageMs;

/** At the boundary instant the session is over already. */
export function verdict(timestamps: SessionTimestamps, lifetimes: Lifetimes, nowMs: number): Verdict {
  return nowMs < timestamps.expiresAtMs && nowMs < expiryMs(timestamps, lifetimes) ? 'live' : 'expired';
}

export const untilBrowserCloses = (
  timestamps: Pick<SessionTimestamps, 'customAgeSeconds' | 'fixedExpiryMs'>,
  lifetimes: Lifetimes,
): boolean =>
  timestamps.customAgeSeconds === 0 ||
  (timestamps.customAgeSeconds === null && timestamps.fixedExpiryMs === null && lifetimes.expireAtBrowserClose);

/** With its expiry worked out anew from the other timestamps. */
export const withExpiry = (timestamps: Omit<SessionTimestamps, 'expiresAtMs'>, lifetimes: Lifetimes): SessionTimestamps => ({
  ...timestamps,
  expiresAtMs: expiryMs(timestamps, lifetimes),
});

/**
 * The timestamps after a request at `nowMs`, or undefined if nothing is worth a write: the last one is younger
 * than the interval and the settings have not moved the expiry.
 */
export function slide(timestamps: SessionTimestamps, lifetimes: Lifetimes, nowMs: number): SessionTimestamps | undefined {
  // A last activity that is well ahead of us was written by a clock that has since been put back: ours is right.
  // Less than the interval is another server's clock, and not worth a write each.
  const due = Math.abs(nowMs - timestamps.lastActivityAtMs) >= lifetimes.activityIntervalMs;
  if (due)
    return withExpiry(
      { ...timestamps, lastActivityAtMs: nowMs, renewedAtMs: lifetimes.sliding ? nowMs : timestamps.renewedAtMs },
      lifetimes,
    );
  const today = withExpiry(timestamps, lifetimes);
  return today.expiresAtMs === timestamps.expiresAtMs ? undefined : today;
}

/** The timestamps after a data write at `nowMs`: it renews, also when requests alone do not (Django: age counts from the last save). */
export const afterWrite = (timestamps: SessionTimestamps, lifetimes: Lifetimes, nowMs: number): SessionTimestamps =>
  withExpiry({ ...timestamps, lastActivityAtMs: nowMs, renewedAtMs: nowMs }, lifetimes);

/** The timestamps alone, of a record or anything else that has them. */
export const timestampsOf = (record: SessionTimestamps): SessionTimestamps => ({
  createdAtMs: record.createdAtMs,
  renewedAtMs: record.renewedAtMs,
  lastActivityAtMs: record.lastActivityAtMs,
  expiresAtMs: record.expiresAtMs,
  customAgeSeconds: record.customAgeSeconds,
  fixedExpiryMs: record.fixedExpiryMs,
});
