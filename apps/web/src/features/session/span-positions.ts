export interface SpanTimes {
  readonly loginTime: Date;
  readonly expires: Date;
  readonly absoluteExpires: Date;
}

/** The positions of now and of the expiry time between sign-in (0) and absolute expiry (1). */
export function spanPositions({ loginTime, expires, absoluteExpires }: SpanTimes, now: Date): { now: number; expires: number } {
  const totalMs = absoluteExpires.getTime() - loginTime.getTime();
  const position = (at: Date) => (totalMs <= 0 ? 1 : Math.min(1, Math.max(0, (at.getTime() - loginTime.getTime()) / totalMs)));
  return { now: position(now), expires: position(expires) };
}
