import { exactTime } from './exact-time.ts';
import { relativeTime, timeAgo } from './relative-time.ts';

interface TimeProps {
  readonly at: Date;
  readonly now: Date;
}

/** The time of a past event: "2 hours ago". */
export const TimeAgo = ({ at, now }: TimeProps) => <Time at={at} text={timeAgo(at, now)} />;

/** "ends in 3 days", "ended 3 days ago". */
export const EndTime = ({ at, now }: TimeProps) => <Time at={at} text={`${now < at ? 'ends' : 'ended'} ${relativeTime(at, now)}`} />;

/** A past or future time: "in 3 days", "3 days ago". */
export const RelativeTime = ({ at, now }: TimeProps) => <Time at={at} text={relativeTime(at, now)} />;

/** Shows the exact time on hover. */
function Time({ at, text }: { at: Date; text: string }) {
  return (
    <time dateTime={at.toISOString()} title={exactTime(at)}>
      {text}
    </time>
  );
}
