import classes from './audit-list.module.css';
import { AuditEntry } from './audit-entry.tsx';
import type { AuditTrail } from './use-audit-trail.ts';

/** What a browser or a visitor wrote of themselves is shown as text, and of a browser in our words. */
export function AuditList({ events, accounts, now, ofOne = false }: AuditTrail & { now: Date; ofOne?: boolean }) {
  if (events.length === 0) return <p className={classes.empty}>Nothing is recorded.</p>;
  return (
    <ul className={classes.list}>
      {events.map((event) => (
        <AuditEntry key={event.id} event={event} accounts={accounts} now={now} ofOne={ofOne} />
      ))}
    </ul>
  );
}
