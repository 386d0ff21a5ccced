export interface SpanClocks {
  readonly loginTime: Date;
  readonly expires: Date;
  readonly absoluteExpires: Date;
}

/** Where now and the expiry lie between sign-in (0) and the end in any case (1). */
export function spanPositions({ loginTime, expires, absoluteExpires }: SpanClocks, now: Date): { now: number; expires: number } {
  const whole = absoluteExpires.getTime() - loginTime.getTime();
  const position = (at: Date) => (whole <= 0 ? 1 : Math.min(1, Math.max(0, (at.getTime() - loginTime.getTime()) / whole)));
  return { now: position(now), expires: position(expires) };
}
