/** The failed sign-ins of one account, device or address. Times are epoch milliseconds. */
export interface Bucket {
  readonly failures: number;
  /** No attempt is allowed before this time. */
  readonly blockedUntilMs: number;
  /** When the failures are forgotten. */
  readonly expiresAtMs: number;
}

/** How many failures a bucket allows, and the delays after that. */
export interface Budget {
  /** Number of failures after which delays start; 0 = no limit. */
  readonly failures: number;
  /** Delays double from one second up to this. */
  readonly maxDelayMs: number;
  /** How long failures are remembered after the last delay has ended. */
  readonly memoryMs: number;
  /** After this many consecutive failures the delay is a day. */
  readonly maxConsecutive: number;
}

export const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST_DELAY_MS = 1000;

export type ConsumeOutcome =
  | { readonly ok: true; readonly bucket: Bucket; /** Delays start with this attempt. */ readonly locks: boolean }
  | { readonly ok: false; readonly retryAfterMs: number };

/** The delay after the n-th failure. */
export function delayMs(failures: number, { failures: free, maxDelayMs, maxConsecutive }: Budget): number {
  if (failures >= maxConsecutive) return DAY_MS;
  return failures < free ? 0 : Math.min(maxDelayMs, FIRST_DELAY_MS * 2 ** (failures - free));
}

/** Whether an attempt would be refused. */
export function isDelayed(bucket: Bucket | undefined, budget: Budget, nowMs: number): boolean {
  if (!bucket || bucket.expiresAtMs <= nowMs) return false;
  const waitMs = bucket.blockedUntilMs - nowMs;
  // A longer wait than any possible delay means that the clock was set back or the settings have changed; ignore it.
  return waitMs > 0 && waitMs <= delayMs(bucket.failures, budget);
}

/**
 * Counts an attempt as a failure in advance, so that thirty concurrent attempts are not all allowed because none has failed yet.
 * An attempt during a delay is refused and changes nothing; in particular, it does not extend the delay (KEYCLOAK-5420).
 */
export function consume(stored: Bucket | undefined, budget: Budget, nowMs: number): ConsumeOutcome {
  const bucket = stored && stored.expiresAtMs > nowMs ? stored : undefined;
  if (bucket && isDelayed(bucket, budget, nowMs)) return { ok: false, retryAfterMs: bucket.blockedUntilMs - nowMs };
  const failures = (bucket?.failures ?? 0) + 1;
  const blockedUntilMs = nowMs + delayMs(failures, budget);
  return {
    ok: true,
    bucket: { failures, blockedUntilMs, expiresAtMs: blockedUntilMs + budget.memoryMs },
    locks: failures === budget.failures,
  };
}

/** Undoes `consume` for an attempt that did not fail, including the delay if this attempt started it. Undefined if no failures remain. */
export function refund(stored: Bucket | undefined, consumed: Bucket): Bucket | undefined {
  if (!stored || stored.failures <= 1) return undefined;
  const startedDelay = stored.blockedUntilMs === consumed.blockedUntilMs;
  return { ...stored, failures: stored.failures - 1, blockedUntilMs: startedDelay ? 0 : stored.blockedUntilMs };
}
