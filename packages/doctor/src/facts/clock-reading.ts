/** Another machine's clock, and ours before and after it was asked; epoch milliseconds. */
export interface ClockReading {
  readonly askedAtMs: number;
  readonly theirsMs: number;
  readonly answeredAtMs: number;
}

/**
 * By how much the other clock is ahead of ours (negative: behind), at the least: the answer was made at some moment
 * between asking and getting it, so what lies between is no difference. Good to a millisecond or so.
 */
export function skewMs({ askedAtMs, theirsMs, answeredAtMs }: ClockReading): number {
  if (theirsMs > answeredAtMs) return theirsMs - answeredAtMs;
  if (theirsMs < askedAtMs) return theirsMs - askedAtMs;
  return 0;
}
