import type { NamedAccount } from '@gatehouse/contract';
import { ACTIVITY_LABELS } from '../../shared/activity-labels.ts';
import type { AuditSearch } from './audit-search.ts';

interface AuditSummaryProps {
  readonly search: AuditSearch;
  readonly account: NamedAccount | undefined;
  /** No entries match the filter. */
  readonly empty: boolean;
}

/** Describes the filter in a sentence. */
export function AuditSummary({ search: { user, kind }, account, empty }: AuditSummaryProps) {
  const event = kind && `“${ACTIVITY_LABELS[kind]}” `;
  const ofAccount = user !== undefined && <> for {account ? <bdi>{account.name}</bdi> : 'a deleted account'}</>;
  // Without entries, a deleted account cannot be told from one that never existed.
  if (empty && user !== undefined && !account)
    return (
      <>
        No account has the ID <bdi>{user}</bdi>, and there are no {event}entries for a deleted account with this ID.
      </>
    );
  if (empty)
    return (
      <>
        No {event}entries{ofAccount}.
      </>
    );
  return (
    <>
      All {event}entries{ofAccount} within the retention period.
    </>
  );
}
