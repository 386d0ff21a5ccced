import type { Activity } from '@gatehouse/contract';
import { ACTIVITY_WORDS } from '../../shared/activity-words.ts';
import { exactTime } from '../../shared/exact-time.ts';
import { Moment } from '../../shared/moment.tsx';
import classes from './activity-list.module.css';
import { describeUserAgent } from '../../shared/user-agent.ts';

/** Newest first, as the server gives it. */
export function ActivityList({ activity, now }: { activity: Activity[]; now: Date }) {
  if (activity.length === 0) return <p className={classes.empty}>Nothing yet. Sign-ins and changes to your account will show here.</p>;
  return (
    <ul className={classes.list}>
      {activity.map(({ id, kind, at, ip, userAgent }) => (
        <li key={id} className={classes.item} data-kind={kind}>
          <span className={classes.what}>{ACTIVITY_WORDS[kind]}</span>
          <span className={classes.when}>
            <Moment at={at} now={now} />
          </span>
          <span className={classes.where}>{[describeUserAgent(userAgent), ip].filter(Boolean).join(' · ')}</span>
          <span className={classes.exact}>{exactTime(at)}</span>
        </li>
      ))}
    </ul>
  );
}
