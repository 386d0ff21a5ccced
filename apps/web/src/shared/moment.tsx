import { exactTime } from './exact-time.ts';
import { relativeTime } from './relative-time.ts';

/** A point in time as people read it; the exact one on hover. */
export function Moment({ at, now }: { at: Date; now: Date }) {
  return (
    <time dateTime={at.toISOString()} title={exactTime(at)}>
      {relativeTime(at, now)}
    </time>
  );
}
