import type { Logger } from './logger.ts';

const INTERVAL_MS = 10_000;
const MIN_JUMP_MS = 5000;

/** Milliseconds: `now` of the system clock, `steady` of a monotonic one. */
export interface Clocks {
  readonly now: () => number;
  readonly steady: () => number;
}

const SYSTEM_CLOCKS: Clocks = { now: Date.now, steady: () => performance.now() };

/**
 * Logs a warning if the system clock jumps, because it was set or the machine slept. Sessions expire by that clock, so the
 * entry explains unexpected sign-outs.
 */
export function watchClock(logger: Logger, { now, steady }: Clocks = SYSTEM_CLOCKS): { look: () => void; stop: () => void } {
  let offsetMs = now() - steady();

  function look(): void {
    const before = offsetMs;
    offsetMs = now() - steady();
    const jumpedMs = Math.round(offsetMs - before);
    if (Math.abs(jumpedMs) >= MIN_JUMP_MS) logger.warn({ jumpedMs }, 'The system clock jumped. Sessions expire by the new time.');
  }

  const timer = setInterval(look, INTERVAL_MS);
  timer.unref();
  return { look, stop: () => clearInterval(timer) };
}
