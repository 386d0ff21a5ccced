import classes from './expiry-notice.module.css';
import { secondsLeft } from './time-left.ts';

/** "4:05": minutes and seconds, for the eyes only. What screen readers say is up to the place that shows it. */
export function Countdown({ until, now }: { until: Date; now: Date }) {
  const seconds = secondsLeft(until, now);
  return (
    <bdi className={classes.countdown} aria-hidden="true">
      {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, '0')}
    </bdi>
  );
}
