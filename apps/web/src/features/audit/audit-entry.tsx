import type { AuditEvent } from '@gatehouse/contract';
import type { ReactNode } from 'react';
import { ACTIVITY_WORDS } from '../../shared/activity-words.ts';
import { exactTime } from '../../shared/exact-time.ts';
import { Moment } from '../../shared/moment.tsx';
import { describeUserAgent } from '../../shared/user-agent.ts';
import classes from './audit-list.module.css';
import { moreWords } from './audit-words.ts';
import { Person } from './person.tsx';
import type { AuditTrail } from './use-audit-trail.ts';

interface AuditEntryProps {
  readonly event: AuditEvent;
  readonly accounts: AuditTrail['accounts'];
  readonly now: Date;
  /** All entries around it are of one account, which needs no telling then. */
  readonly ofOne: boolean;
}

/** What happened, to whom, by whom, why, from where and when. */
export function AuditEntry({ event, accounts, now, ofOne }: AuditEntryProps) {
  const more = moreWords(event);
  const where = [describeUserAgent(event.userAgent), event.ip, event.handle].filter(Boolean).join(' · ');
  return (
    <li className={classes.item}>
      <span className={classes.what}>{ACTIVITY_WORDS[event.kind]}</span>
      <span className={classes.when}>
        <Moment at={event.at} now={now} />
        <span className={classes.exact}>{exactTime(event.at)}</span>
      </span>
      <span className={classes.who}>
        {!ofOne && (
          <>
            <Whose event={event} accounts={accounts} /> ·{' '}
          </>
        )}
        <By event={event} accounts={accounts} />
      </span>
      {more && <span className={classes.note}>{more}</span>}
      {where && <span className={classes.note}>{where}</span>}
    </li>
  );
}

type Part = (props: Pick<AuditEntryProps, 'event' | 'accounts'>) => ReactNode;

const Whose: Part = ({ event: { userId, detail }, accounts }) => {
  if (userId !== null) return <Person id={userId} accounts={accounts} username={detail?.username} />;
  return detail?.everyone ? 'Everyone' : 'No single account';
};

const By: Part = ({ event: { actorKind, actorId }, accounts }) => {
  switch (actorKind) {
    case 'self':
      return 'by the owner';
    case 'admin':
      return actorId === null ? (
        'by an administrator'
      ) : (
        <>
          by <Person id={actorId} accounts={accounts} />
        </>
      );
    case 'command_line':
      return 'at the command line';
    case 'system':
      return 'by Gatehouse itself';
    case 'visitor':
      return 'by someone who was not signed in';
  }
};
