import type { ListedSession } from '@gatehouse/contract';
import { useState } from 'react';
import { ActionButton } from '../../shared/action-button.tsx';
import { EndTime, TimeAgo } from '../../shared/time-display.tsx';
import { describeUserAgent } from '../../shared/user-agent.ts';
import classes from './session-list.module.css';

interface SessionListProps {
  readonly sessions: readonly ListedSession[];
  readonly now: Date;
  /** Resolves when the request is done, even if it failed. Several calls can run at the same time. */
  readonly onEnd: (session: ListedSession) => Promise<void>;
}

/** In the order of the server: newest activity first. */
export function SessionList({ sessions, now, onEnd }: SessionListProps) {
  if (sessions.length === 0) return <p className={classes.empty}>No active sessions.</p>;
  return (
    <ul className={classes.list}>
      {sessions.map((session) => {
        const device = describeUserAgent(session.userAgent) ?? 'Unknown device';
        return (
          <li key={session.handle} className={classes.item}>
            <div className={classes.what}>
              <span className={classes.device}>{device}</span>
              {session.current && <span className={classes.current}>This session</span>}
              <span className={classes.where}>{[session.ip, session.handle].filter(Boolean).join(' · ')}</span>
              <span className={classes.when}>
                Active <TimeAgo at={session.lastActivity} now={now} />, signed in <TimeAgo at={session.loginTime} now={now} />,{' '}
                <EndTime at={session.expires} now={now} />
              </span>
            </div>
            {!session.current && <EndButton label={`End session ${session.handle} (${device})`} onEnd={() => onEnd(session)} />}
          </li>
        );
      })}
    </ul>
  );
}

function EndButton({ label, onEnd }: { label: string; onEnd: () => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const end = async (): Promise<void> => {
    setBusy(true);
    await onEnd();
    setBusy(false);
  };
  return (
    <ActionButton variant="default" size="xs" busy={busy} onClick={() => void end()} aria-label={label}>
      End
    </ActionButton>
  );
}
