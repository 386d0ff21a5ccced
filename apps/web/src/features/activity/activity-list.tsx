import type { Activity } from '@gatehouse/contract';
import { ACTIVITY_LABELS } from '../../shared/activity-labels.ts';
import { exactTime } from '../../shared/exact-time.ts';
import { TimeAgo } from '../../shared/time-display.tsx';
import { describeUserAgent } from '../../shared/user-agent.ts';
import classes from './activity-list.module.css';

/** In the order of the server: newest first. */
export function ActivityList({ activity, now }: { activity: Activity[]; now: Date }) {
  if (activity.length === 0) return <p className={classes.empty}>No activity yet. Sign-ins and account changes will appear here.</p>;
  return (
    <ul className={classes.list}>
      {activity.map(({ id, kind, at, ip, userAgent }) => (
        <li key={id} className={classes.item} data-kind={kind}>
          <span className={classes.what}>{ACTIVITY_LABELS[kind]}</span>
          <span className={classes.when}>
            <TimeAgo at={at} now={now} />
          </span>
          <span className={classes.where}>{[describeUserAgent(userAgent), ip].filter(Boolean).join(' · ')}</span>
          <span className={classes.exact}>{exactTime(at)}</span>
        </li>
      ))}
    </ul>
  );
}
