import classes from './audit-list.module.css';
import { AuditEntry } from './audit-entry.tsx';
import type { AuditTrail } from './use-audit-trail.ts';

export function AuditList({ events, accounts, now, singleAccount = false }: AuditTrail & { now: Date; singleAccount?: boolean }) {
  if (events.length === 0) return <p className={classes.empty}>No entries.</p>;
  return (
    <ul className={classes.list}>
      {events.map((event) => (
        <AuditEntry key={event.id} event={event} accounts={accounts} now={now} singleAccount={singleAccount} />
      ))}
    </ul>
  );
}
