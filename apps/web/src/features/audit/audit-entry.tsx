import type { AuditEvent } from '@gatehouse/contract';
import type { ReactNode } from 'react';
import { ACTIVITY_LABELS } from '../../shared/activity-labels.ts';
import { ExactTime, TimeAgo } from '../../shared/time-display.tsx';
import { describeUserAgent } from '../../shared/user-agent.ts';
import { AccountLink } from './account-link.tsx';
import { describeDetails } from './audit-details.ts';
import classes from './audit-list.module.css';
import type { AuditTrail } from './use-audit-trail.ts';

interface AuditEntryProps {
  readonly event: AuditEvent;
  readonly accounts: AuditTrail['accounts'];
  readonly now: Date;
  /** All entries of the list belong to the same account, so it is not shown. */
  readonly singleAccount: boolean;
}

/** An entry: event, time, account, actor, reason and origin. */
export function AuditEntry({ event, accounts, now, singleAccount }: AuditEntryProps) {
  const details = describeDetails(event);
  const origin = [describeUserAgent(event.userAgent), event.ip, event.handle].filter(Boolean).join(' · ');
  return (
    <li className={classes.item}>
      <span className={classes.what}>{ACTIVITY_LABELS[event.kind]}</span>
      <span className={classes.when}>
        <TimeAgo at={event.at} now={now} />
        <span className={classes.exact}><ExactTime at={event.at} /></span>
      </span>
      <span className={classes.who}>
        {!singleAccount && (
          <>
            <AffectedAccount event={event} accounts={accounts} /> ·{' '}
          </>
        )}
        <Actor event={event} accounts={accounts} />
      </span>
      {details && <span className={classes.note}>{details}</span>}
      {origin && <span className={classes.note}>{origin}</span>}
    </li>
  );
}

type EntryPart = (props: Pick<AuditEntryProps, 'event' | 'accounts'>) => ReactNode;

const AffectedAccount: EntryPart = ({ event: { userId, detail }, accounts }) => {
  if (userId !== null) return <AccountLink id={userId} accounts={accounts} username={detail?.username} />;
  return detail?.everyone ? 'Everyone' : 'No specific account';
};

const Actor: EntryPart = ({ event: { actorKind, actorId }, accounts }) => {
  switch (actorKind) {
    case 'self':
      return 'by the owner';
    case 'admin':
      return actorId === null ? (
        'by an administrator'
      ) : (
        <>
          by <AccountLink id={actorId} accounts={accounts} />
        </>
      );
    case 'command_line':
      return 'from the command line';
    case 'system':
      return 'by Gatehouse';
    case 'visitor':
      return 'by a visitor who was not signed in';
  }
};
