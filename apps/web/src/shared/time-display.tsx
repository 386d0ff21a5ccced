import { useTranslations } from 'use-intl/react';
import { useFormats } from '../i18n/use-formats.ts';

interface TimeProps {
  readonly at: Date;
  readonly now: Date;
}

/** The time of a past event: "2 hours ago". */
export const TimeAgo = ({ at, now }: TimeProps) => <Time at={at} text={useFormats().timeAgo(at, now)} />;

/** "ends in 3 days", "ended 3 days ago". */
export function EndTime({ at, now }: TimeProps) {
  const t = useTranslations('time');
  const when = useFormats().relativeTime(at, now);
  return <Time at={at} text={t(now < at ? 'ends' : 'ended', { when })} />;
}

/** A past or future time: "in 3 days", "3 days ago". */
export const RelativeTime = ({ at, now }: TimeProps) => <Time at={at} text={useFormats().relativeTime(at, now)} />;

/** "Mon, 24 Nov 2025, 06:14". */
export const ExactTime = ({ at }: { at: Date }) => <time dateTime={at.toISOString()}>{useFormats().exactTime(at)}</time>;

/** Shows the exact time on hover. */
function Time({ at, text }: { at: Date; text: string }) {
  const { exactTime } = useFormats();
  return (
    <time dateTime={at.toISOString()} title={exactTime(at)}>
      {text}
    </time>
  );
}
