import { error, ok, warning, type Verdict } from './check.ts';
import { skewMs, type ClockReading } from './facts/clock-reading.ts';

/** NTP keeps machines within milliseconds; two seconds are a clock that nothing keeps. */
const WARNING_MS = 2000;

/**
 * Every server judges by its own clock, so a session ends earlier or later by as much as two of them differ. Half a
 * minute is half of SESSION_ACTIVITY_INTERVAL's default and the whole life of a copy of `cached_db`.
 */
const ERROR_MS = 30_000;

const MEND = 'Set the clocks of both machines by NTP (systemd-timesyncd or chrony), and see that it runs: timedatectl.';

export function judgeClock(other: string, reading: ClockReading): Verdict {
  const skew = skewMs(reading);
  const size = Math.abs(skew);
  const found = `The clock of ${other} is ${(size / 1000).toFixed(1)} s ${skew > 0 ? 'ahead of' : 'behind'} this machine's.`;
  if (size > ERROR_MS) return error(found, MEND);
  if (size > WARNING_MS) return warning(found, MEND);
  return ok(`The clock of ${other} and this machine's agree within ${WARNING_MS / 1000} s.`);
}
