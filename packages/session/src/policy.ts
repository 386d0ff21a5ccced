/**
 * When a session expires: pure functions of its timestamps, the settings and a given time. All times are epoch
 * milliseconds of the server's clock.
 */

export interface Lifetimes {
  /** Maximum idle time: `SESSION_COOKIE_AGE`. */
  readonly ageMs: number;
  /** Maximum age of an active session: `SESSION_ABSOLUTE_AGE`. */
  readonly absoluteAgeMs: number;
  /** Whether every request renews the idle age, not only data writes: `SESSION_SAVE_EVERY_REQUEST`. */
  readonly sliding: boolean;
  /**
   * Minimum time between two writes of activity: `SESSION_ACTIVITY_INTERVAL`. 0: every request. Shorter for a session with a short age of its
   * own: see `SHARE_OF_OWN_AGE`.
   */
  readonly activityIntervalMs: number;
  /** `SESSION_EXPIRE_AT_BROWSER_CLOSE`. */
  readonly expireAtBrowserClose: boolean;
}

export interface SessionTimestamps {
  readonly createdAtMs: number;
  /** Start of the idle age: the last request if sliding, otherwise the last data write (as in Django). */
  readonly renewedAtMs: number;
  readonly lastActivityAtMs: number;
  /** Expiry as last written. Once it has passed, no change of settings revives the session. */
  readonly expiresAtMs: number;
  /** Set by `setExpiry(seconds)`. 0: until the browser closes; null: the settings decide. */
  readonly customAgeSeconds: number | null;
  /** Set by `setExpiry(date)`. Does not slide. */
  readonly fixedExpiryMs: number | null;
}

/** An expiry requested with `setExpiry`. */
export type Expiry = Pick<SessionTimestamps, 'customAgeSeconds' | 'fixedExpiryMs'>;

/** The settings decide. */
export const NO_EXPIRY: Expiry = { customAgeSeconds: null, fixedExpiryMs: null };

/** The cookie ends with the browser; the session ends after the ordinary idle age. */
export const UNTIL_BROWSER_CLOSES: Expiry = { customAgeSeconds: 0, fixedExpiryMs: null };

/** 68 years, the largest value of the databases' integer column. */
export const MAX_AGE_SECONDS = 2_147_483_647;

/**
 * 9999-12-31T23:59:59.999Z, the last instant that every storage supports: MariaDB's DATETIME ends here, and
 * PostgreSQL's driver does not parse five-digit years. The first one is the epoch.
 */
const LAST_INSTANT_MS = 253_402_300_799_999;

/**
 * An expiry at a fixed instant, limited to what every storage supports. The limits change nothing: the absolute age
 * ends the session long before the last instant, and the first is in the past.
 */
export const fixedExpiry = (ms: number): Expiry => ({
  customAgeSeconds: null,
  fixedExpiryMs: Math.min(Math.max(Math.trunc(ms), 0), LAST_INSTANT_MS),
});

/** @throws RangeError for ages that no storage can hold. The settings are validated already. */
export function assertLifetimes(lifetimes: Lifetimes): void {
  const minimums = { ageMs: 1, absoluteAgeMs: 1, activityIntervalMs: 0 } as const;
  for (const [name, min] of Object.entries(minimums) as [keyof typeof minimums, number][]) {
    const ms = lifetimes[name];
    if (!(ms >= min && ms <= MAX_AGE_SECONDS * 1000))
      throw new RangeError(`lifetimes.${name} must be between ${min} and ${MAX_AGE_SECONDS * 1000} milliseconds (68 years). It is ${ms}.`);
  }
}

export const absoluteExpiryMs = (timestamps: Pick<SessionTimestamps, 'createdAtMs'>, lifetimes: Lifetimes): number =>
  timestamps.createdAtMs + lifetimes.absoluteAgeMs;

/** When a session with these timestamps expires under the current settings, so that a changed age applies to open sessions. */
export function expiryMs(timestamps: Omit<SessionTimestamps, 'expiresAtMs'>, lifetimes: Lifetimes): number {
  const idle = timestamps.fixedExpiryMs ?? timestamps.renewedAtMs + idleAgeMs(timestamps, lifetimes);
  return Math.min(idle, absoluteExpiryMs(timestamps, lifetimes));
}

/** A session until the browser closes also ends on the server, after the ordinary idle age, as in Django. */
const idleAgeMs = (timestamps: Pick<SessionTimestamps, 'customAgeSeconds'>, lifetimes: Lifetimes): number =>
  timestamps.customAgeSeconds ? timestamps.customAgeSeconds * 1000 : lifetimes.ageMs;

/** Whether the session is live. At the instant of its expiry it is not. */
export function isLive(timestamps: SessionTimestamps, lifetimes: Lifetimes, nowMs: number): boolean {
  return nowMs < timestamps.expiresAtMs && nowMs < expiryMs(timestamps, lifetimes);
}

export const untilBrowserCloses = (timestamps: Expiry, lifetimes: Lifetimes): boolean =>
  timestamps.customAgeSeconds === 0 ||
  (timestamps.customAgeSeconds === null && timestamps.fixedExpiryMs === null && lifetimes.expireAtBrowserClose);

/** The timestamps with a recomputed expiry. */
export const withExpiry = (timestamps: Omit<SessionTimestamps, 'expiresAtMs'>, lifetimes: Lifetimes): SessionTimestamps => ({
  ...timestamps,
  expiresAtMs: expiryMs(timestamps, lifetimes),
});

/**
 * How far in the future a last activity may be, in milliseconds. A smaller difference is another server's clock, and
 * overwriting it would cost a write per request while the servers alternate. A larger one was written before this clock
 * was set back, and is overwritten.
 */
export const CLOCK_TOLERANCE_MS = 600_000;

/**
 * Between two writes of activity at most this share of an age that was set with `setExpiry(seconds)` passes. Otherwise a session in use would
 * end, if its age is shorter than the interval of the settings, or much earlier than its age after the last request.
 */
export const SHARE_OF_OWN_AGE = 0.1;

const intervalMs = ({ customAgeSeconds }: SessionTimestamps, { activityIntervalMs, sliding }: Lifetimes): number =>
  sliding && customAgeSeconds ? Math.min(activityIntervalMs, customAgeSeconds * 1000 * SHARE_OF_OWN_AGE) : activityIntervalMs;

/**
 * The timestamps after a request at `nowMs`. undefined if no write is needed: the last activity is more recent than the
 * interval, and the settings have not changed the expiry.
 */
export function slide(timestamps: SessionTimestamps, lifetimes: Lifetimes, nowMs: number): SessionTimestamps | undefined {
  const sinceMs = nowMs - timestamps.lastActivityAtMs;
  const due = sinceMs >= intervalMs(timestamps, lifetimes) || sinceMs < -CLOCK_TOLERANCE_MS;
  if (due)
    return withExpiry(
      { ...timestamps, lastActivityAtMs: nowMs, renewedAtMs: lifetimes.sliding ? nowMs : timestamps.renewedAtMs },
      lifetimes,
    );
  const current = withExpiry(timestamps, lifetimes);
  return current.expiresAtMs === timestamps.expiresAtMs ? undefined : current;
}

/**
 * The timestamps after a data write at `nowMs`. A write renews the session even if requests do not (Django counts the
 * age from the last save).
 */
export const afterWrite = (timestamps: SessionTimestamps, lifetimes: Lifetimes, nowMs: number): SessionTimestamps =>
  withExpiry({ ...timestamps, lastActivityAtMs: nowMs, renewedAtMs: nowMs }, lifetimes);

/** Picks the timestamps from a record or any other object that has them. */
export const timestampsOf = (record: SessionTimestamps): SessionTimestamps => ({
  createdAtMs: record.createdAtMs,
  renewedAtMs: record.renewedAtMs,
  lastActivityAtMs: record.lastActivityAtMs,
  expiresAtMs: record.expiresAtMs,
  customAgeSeconds: record.customAgeSeconds,
  fixedExpiryMs: record.fixedExpiryMs,
});
