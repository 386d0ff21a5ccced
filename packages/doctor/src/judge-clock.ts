import { error, ok, warning, type Verdict } from './check.ts';
import { skewMs, type ClockReading } from './facts/clock-reading.ts';

/** NTP keeps clocks within milliseconds, so a difference of two seconds means that it is not running. */
const WARNING_MS = 2000;

/** Half of SESSION_ACTIVITY_INTERVAL's default, and the lifetime of a `cached_db` copy. */
const ERROR_MS = 30_000;

const FIX = 'Synchronize the clocks of both machines with NTP (systemd-timesyncd or chrony), and check it with timedatectl.';

export function judgeClock(other: string, reading: ClockReading): Verdict {
  const skew = skewMs(reading);
  const size = Math.abs(skew);
  const found = `The clock of ${other} is ${(size / 1000).toFixed(1)} s ${skew > 0 ? 'ahead of' : 'behind'} this machine's.`;
  if (size > ERROR_MS) return error(found, FIX);
  if (size > WARNING_MS) return warning(found, FIX);
  return ok(`The clock of ${other} and this machine's agree within ${WARNING_MS / 1000} s.`);
}
