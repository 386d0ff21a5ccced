import { exactTime } from './exact-time.ts';
import { relativeTime, timeAgo } from './relative-time.ts';

interface MomentProps {
  readonly at: Date;
  readonly now: Date;
}

/** When something happened, as people read it; the exact time on hover. */
export const Moment = ({ at, now }: MomentProps) => <Time at={at} words={timeAgo(at, now)} />;

/** When something ends or has ended: "ends in 3 days", "ended 3 days ago". */
export const End = ({ at, now }: MomentProps) => <Time at={at} words={`${now < at ? 'ends' : 'ended'} ${relativeTime(at, now)}`} />;

/** A time that may lie on either side of now, next to words that say on which. */
export const Until = ({ at, now }: MomentProps) => <Time at={at} words={relativeTime(at, now)} />;

function Time({ at, words }: { at: Date; words: string }) {
  return (
    <time dateTime={at.toISOString()} title={exactTime(at)}>
      {words}
    </time>
  );
}
