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
  const whose = user !== undefined && <> of {account ? <bdi>{account.name}</bdi> : 'an account that is deleted'}</>;
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
