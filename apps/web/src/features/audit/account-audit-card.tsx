import { useServerNow } from '@gatehouse/client/react';
import { Link } from '@tanstack/react-router';
import { Card } from '../../shared/card.tsx';
import { InlineFailure } from '../../shared/inline-failure.tsx';
import { Placeholder } from '../../shared/placeholder.tsx';
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
      {trail.data && now ? (
        <AuditList events={trail.data.events.slice(0, NEWEST)} accounts={trail.data.accounts} now={now} ofOne />
      ) : trail.error ? (
        <InlineFailure what="What happened" error={trail.error} busy={trail.isFetching} onRetry={() => void trail.refetch()} />
      ) : (
        <Placeholder lines={6} label="Loading what happened" />
      )}
    </Card>
  );
}
