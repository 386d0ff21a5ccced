import type { NamedAccount } from '@gatehouse/contract';
import { ACTIVITY_WORDS } from '../../shared/activity-words.ts';
import type { AuditSearch } from './audit-search.ts';

interface ShownWordsProps {
  readonly search: AuditSearch;
  readonly account: NamedAccount | undefined;
  /** The filter lets nothing through. */
  readonly empty: boolean;
}

/** What the filter lets through, in a sentence. */
export function ShownWords({ search: { user, kind }, account, empty }: ShownWordsProps) {
  const what = kind && `“${ACTIVITY_WORDS[kind]}”`;
  const whose = user !== undefined && <> of {account ? <bdi>{account.name}</bdi> : 'a deleted account'}</>;
  // Nothing is left by which a deleted account differs from one that never was.
  if (empty && user !== undefined && !account)
    return (
      <>
        There is no account with the id <bdi>{user}</bdi>, and no entry{what && ` for ${what}`} of a deleted one.
      </>
    );
  if (empty)
    return (
      <>
        There is no entry{what && ` for ${what}`}
        {whose}.
      </>
    );
  return (
    <>
      {what ?? 'Everything'}
      {whose}, as far back as it is kept.
    </>
  );
}
