/** What is known of the failed sign-ins that count against one account, device or address. */
export interface Bucket {
  readonly failures: number;
  /** Before this nothing more is tried. */
  readonly blockedUntilMs: number;
  /** When it is forgotten. */
  readonly expiresAtMs: number;
}

/** How many failures a bucket bears, and for how long. */
export interface Budget {
  /** The first delay follows this many failures; 0: any number. */
  readonly failures: number;
  /** Delays double from a second up to this. */
  readonly longestDelayMs: number;
  /** Failures are forgotten this long after the last delay is over. */
  readonly memoryMs: number;
  /** After this many in a row the delay is a day. */
  readonly mostInARow: number;
}

export const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST_DELAY_MS = 1000;

export type Taken =
  | { readonly ok: true; readonly bucket: Bucket; /** With this attempt the delays begin. */ readonly locks: boolean }
  | { readonly ok: false; readonly retryAfterMs: number };

/** What follows the n-th failure. */
export function delayMs(failures: number, { failures: free, longestDelayMs, mostInARow }: Budget): number {
  if (failures >= mostInARow) return DAY_MS;
  return failures < free ? 0 : Math.min(longestDelayMs, FIRST_DELAY_MS * 2 ** (failures - free));
}

/**
 * Counts an attempt as a failure before it is known to be one, so that thirty at once are not all let through because none
 * of them has failed yet. An attempt during a delay is not made and changes nothing: it does not lengthen it (KEYCLOAK-5420).
 */
export function take(stored: Bucket | undefined, budget: Budget, nowMs: number): Taken {
  const bucket = stored && stored.expiresAtMs > nowMs ? stored : undefined;
  const waitMs = (bucket?.blockedUntilMs ?? 0) - nowMs;
  // Longer than any delay that could have been set: the clock was turned back, or the settings are new.
  if (bucket && waitMs > 0 && waitMs <= delayMs(bucket.failures, budget)) return { ok: false, retryAfterMs: waitMs };
  const failures = (bucket?.failures ?? 0) + 1;
  const blockedUntilMs = nowMs + delayMs(failures, budget);
  return {
    ok: true,
    bucket: { failures, blockedUntilMs, expiresAtMs: blockedUntilMs + budget.memoryMs },
    locks: failures === budget.failures,
  };
}

/** Takes back one attempt that was no failure, and the delay if it was this one that began it. Undefined: nothing is left. */
export function giveBack(stored: Bucket | undefined, taken: Bucket): Bucket | undefined {
  if (!stored || stored.failures <= 1) return undefined;
  const began = stored.blockedUntilMs === taken.blockedUntilMs;
  return { ...stored, failures: stored.failures - 1, blockedUntilMs: began ? 0 : stored.blockedUntilMs };
}
