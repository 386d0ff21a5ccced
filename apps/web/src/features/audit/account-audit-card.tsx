import { useServerNow } from '@gatehouse/client/tanstack';
import { Link } from '@tanstack/react-router';
import { Card } from '../../shared/card.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import { AuditList } from './audit-list.tsx';
import { useAuditTrail } from './use-audit-trail.ts';

const TICK_MS = 10_000;
const MAX_ENTRIES = 6;

/** The latest entries of an account, for administrators. */
export function AccountAuditCard({ userId }: { userId: string }) {
  const trail = useAuditTrail({ user: userId });
  const now = useServerNow({ everyMs: TICK_MS });
  const aside = (
    <Link to="/audit" search={{ user: userId }}>
      Show all
    </Link>
  );
  return (
    <Card title="Audit trail" aside={aside}>
      <Loaded query={trail} failed="The audit trail could not be loaded." lines={6} label="Loading the audit trail">
        {({ events, accounts }) => now && <AuditList events={events.slice(0, MAX_ENTRIES)} accounts={accounts} now={now} singleAccount />}
      </Loaded>
    </Card>
  );
}
