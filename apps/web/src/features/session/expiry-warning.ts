const MINUTE_MS = 60_000;

interface ExpiryTimes {
  readonly loginTime: Date;
  readonly lastActivity: Date;
  readonly expires: Date;
  readonly absoluteExpires: Date;
}

export type ExpiryWarning =
  | 'none'
  /** The session expires soon. Any request by the user extends it. */
  | 'extendable'
  /** The session expires soon, and cannot be extended beyond its absolute age. */
  | 'final'
  | 'expired';

/**
 * Warns five minutes before expiry, or in the last quarter of short sessions, so that the warning is not always visible. WCAG 2.2, 2.2.1
 * requires at least 20 seconds and a simple action to extend the session.
 */
export function expiryWarning({ loginTime, lastActivity, expires, absoluteExpires }: ExpiryTimes, now: Date): ExpiryWarning {
  const leftMs = expires.getTime() - now.getTime();
  if (leftMs <= 0) return 'expired';
  const isFinal = expires.getTime() >= absoluteExpires.getTime();
  // The end of the idle time moves with each activity, the final end does not: who is active all the time must be warned as well.
  const spanMs = expires.getTime() - (isFinal ? loginTime : lastActivity).getTime();
  if (leftMs > Math.min(5 * MINUTE_MS, spanMs / 4)) return 'none';
  return isFinal ? 'final' : 'extendable';
}
