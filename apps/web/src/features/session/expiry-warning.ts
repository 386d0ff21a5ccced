const MINUTE_MS = 60_000;

export interface ExpiryClocks {
  readonly lastActivity: Date;
  readonly expires: Date;
  readonly absoluteExpires: Date;
}

export type ExpiryWarning =
  /** Its end is far enough away, or over. */
  | 'none'
  /** Asking the server for anything keeps the session. */
  | 'can stay'
  /** Nothing keeps it: it has lived as long as a session may. */
  | 'must end'
  | 'over';

/**
 * A warning leaves time to finish a sentence, and is none where sessions are so short that it would always be there
 * (WCAG 2.2, 2.2.1 asks for 20 seconds and a simple action at the least).
 */
export function expiryWarning({ lastActivity, expires, absoluteExpires }: ExpiryClocks, now: Date): ExpiryWarning {
  const leftMs = expires.getTime() - now.getTime();
  if (leftMs <= 0) return 'over';
  const span = expires.getTime() - lastActivity.getTime();
  if (leftMs > Math.min(5 * MINUTE_MS, span / 4)) return 'none';
  return expires.getTime() >= absoluteExpires.getTime() ? 'must end' : 'can stay';
}
