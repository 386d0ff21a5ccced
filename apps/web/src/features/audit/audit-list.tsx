import classes from '../../shared/entries.module.css';
import { TimeAgo } from '../../shared/time-display.tsx';
import type { AuditTrail } from './audit-page.ts';
import { useDescribeDetails } from './audit-details.ts';
import { EventName } from './event-name.tsx';
import { Actor } from './participants.tsx';

/** The entries of one account, so the account is not named. */
export function AuditList({ events, accounts, now }: AuditTrail & { now: Date }) {
  const describe = useDescribeDetails();
  return (
    <ul className={classes.list}>
      {events.map((event) => (
        <li key={event.id} className={classes.item}>
          <span className={classes.what}>
            <EventName kind={event.kind} />
          </span>
          <span className={classes.when}>
            <TimeAgo at={event.at} now={now} />
          </span>
          <span className={classes.note}>
            <Actor event={event} accounts={accounts} />
            {[describe(event), event.ip].filter(Boolean).map((detail) => ` · ${detail}`)}
          </span>
        </li>
      ))}
    </ul>
  );
}
