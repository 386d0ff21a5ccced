import { useServerNow } from '@gatehouse/client/react';
import { Link } from '@tanstack/react-router';
import { Card } from '../../shared/card.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import { AuditList } from './audit-list.tsx';
import { useAuditTrail } from './use-audit-trail.ts';

const TICK_MS = 10_000;
const NEWEST = 6;

/** For administrators: what happened to one account lately. */
export function AccountAuditCard({ userId }: { userId: string }) {
  const trail = useAuditTrail({ user: userId });
  const now = useServerNow({ everyMs: TICK_MS });
  const aside = (
    <Link to="/audit" search={{ user: userId }}>
      Show all
    </Link>
  );
  return (
    <Card title="What happened" aside={aside}>
      <Loaded query={trail} what="What happened" lines={6} label="Loading what happened">
        {({ events, accounts }) => now && <AuditList events={events.slice(0, NEWEST)} accounts={accounts} now={now} ofOne />}
      </Loaded>
    </Card>
  );
}
