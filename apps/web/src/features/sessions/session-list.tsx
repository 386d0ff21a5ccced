import type { ListedSession } from '@gatehouse/contract';
import { ActionButton } from '../../shared/action-button.tsx';
import { Moment } from '../../shared/moment.tsx';
import { describeUserAgent } from '../../shared/user-agent.ts';
import classes from './session-list.module.css';

interface SessionListProps {
  readonly sessions: readonly ListedSession[];
  readonly now: Date;
  /** The handle of the session that is being ended. */
  readonly ending: string | undefined;
  readonly onEnd: (session: ListedSession) => void;
}

/** Newest activity first, as the server gives it. What the browser said of itself is shown as text, in our words. */
export function SessionList({ sessions, now, ending, onEnd }: SessionListProps) {
  if (sessions.length === 0) return <p className={classes.empty}>Signed in nowhere.</p>;
  return (
    <ul className={classes.list}>
      {sessions.map((session) => {
        const device = describeUserAgent(session.userAgent) ?? 'An unknown device';
        return (
          <li key={session.handle} className={classes.item}>
            <div className={classes.what}>
              <span className={classes.device}>{device}</span>
              {session.current && <span className={classes.current}>This session</span>}
              <span className={classes.where}>{[session.ip, session.handle].filter(Boolean).join(' · ')}</span>
              <span className={classes.when}>
                Active <Moment at={session.lastActivity} now={now} />, signed in <Moment at={session.loginTime} now={now} />, ends{' '}
                <Moment at={session.expires} now={now} />
              </span>
            </div>
            {!session.current && (
              <ActionButton
                variant="default"
                size="xs"
                busy={ending === session.handle}
                onClick={() => onEnd(session)}
                aria-label={`End the session ${session.handle} (${device})`}
              >
                End
              </ActionButton>
            )}
          </li>
        );
      })}
    </ul>
  );
}
