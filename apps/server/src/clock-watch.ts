import type { Logger } from './logger.ts';

const INTERVAL_MS = 10_000;
const WORTH_A_LINE_MS = 5000;

/** Times in milliseconds: of the day, and one that nobody sets. */
export interface Clocks {
  readonly now: () => number;
  readonly steady: () => number;
}

const OWN: Clocks = { now: Date.now, steady: () => performance.now() };

/**
 * Says so when the machine's clock was set, or the machine slept: sessions end by that clock, and whoever asks why
 * people were signed out, or were not, finds the moment in the log.
 */
export function watchClock(logger: Logger, { now, steady }: Clocks = OWN): { look: () => void; stop: () => void } {
  let offsetMs = now() - steady();

  function look(): void {
    const before = offsetMs;
    offsetMs = now() - steady();
    const jumpedMs = Math.round(offsetMs - before);
    if (Math.abs(jumpedMs) >= WORTH_A_LINE_MS) logger.warn({ jumpedMs }, "The machine's clock jumped; sessions end by its new time.");
  }

  const timer = setInterval(look, INTERVAL_MS);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
}
