import type { Activity, ActivityKind } from '@gatehouse/contract';
import { exactTime } from '../../shared/exact-time.ts';
import { Moment } from '../../shared/moment.tsx';
import classes from './activity-list.module.css';
import { describeUserAgent } from '../../shared/user-agent.ts';

const WORDS: Record<ActivityKind, string> = {
  signed_in: 'Signed in',
  sign_in_failed: 'Sign-in failed',
  signed_out: 'Signed out',
  profile_changed: 'Name changed',
  password_changed: 'Password changed',
  session_revoked: 'Session ended from elsewhere',
  session_imported: 'Session brought over from before',
  locked: 'Sign-in slowed down: too many failed',
  unlocked: 'Sign-in let through again',
};

/** Newest first, as the server gives it. */
export function ActivityList({ activity, now }: { activity: Activity[]; now: Date }) {
  if (activity.length === 0) return <p className={classes.empty}>Nothing yet. Sign-ins and changes to your account will show here.</p>;
  return (
    <ul className={classes.list}>
      {activity.map(({ id, kind, at, ip, userAgent }) => (
        <li key={id} className={classes.item} data-kind={kind}>
          <span className={classes.what}>{WORDS[kind]}</span>
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
