import { useServerNow } from '@gatehouse/client/tanstack';
import { Link } from '@tanstack/react-router';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { Loaded } from '../../shared/loaded.tsx';
import { AuditFilterCard } from './audit-filter-card.tsx';
import { AuditList } from './audit-list.tsx';
import type { AuditSearch } from './audit-search.ts';
import { AuditSummary } from './audit-summary.tsx';
import classes from './audit-trail-cards.module.css';
import { useAuditTrail } from './use-audit-trail.ts';

const TICK_MS = 10_000;

/** The filter and the matching entries of the audit trail. */
export function AuditTrailCards({ search }: { search: AuditSearch }) {
  const trail = useAuditTrail(search);
  const now = useServerNow({ everyMs: TICK_MS });
  const account = search.user === undefined ? undefined : trail.data?.accounts.get(search.user);
  const empty = trail.data?.events.length === 0;
  const filtered = search.user !== undefined || search.kind !== undefined;
  return (
    <>
      <AuditFilterCard search={search} account={account} loaded={trail.data !== undefined} />
      <Card title="Audit trail" aside={filtered && <Link to="/audit">Clear filter</Link>}>
        {/* Always rendered, because screen readers announce only changes of an existing live region. */}
        <output className={classes.summary}>{trail.data && <AuditSummary search={search} account={account} empty={empty} />}</output>
        <Loaded query={trail} failed="The audit trail could not be loaded." lines={8} label="Loading the audit trail">
          {(entries) =>
            now &&
            !empty && (
              <div className={classes.trail}>
                <AuditList {...entries} now={now} />
                {trail.hasNextPage && (
                  <ActionButton variant="default" size="sm" onClick={() => void trail.fetchNextPage()} busy={trail.isFetchingNextPage}>
                    Show more
                  </ActionButton>
                )}
              </div>
            )
          }
        </Loaded>
      </Card>
    </>
  );
}
