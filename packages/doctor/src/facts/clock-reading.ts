/** The clock of another machine, and ours before and after the query. Epoch milliseconds. */
export interface ClockReading {
  readonly askedAtMs: number;
  readonly theirsMs: number;
  readonly answeredAtMs: number;
}

/**
 * The minimum by which the other clock is ahead of ours; negative if it is behind. It was read at some moment between query and response,
 * so any time in between counts as no difference.
 */
export function skewMs({ askedAtMs, theirsMs, answeredAtMs }: ClockReading): number {
  if (theirsMs > answeredAtMs) return theirsMs - answeredAtMs;
  if (theirsMs < askedAtMs) return theirsMs - askedAtMs;
  return 0;
}
