import type { NamedAccount } from '@gatehouse/contract';
import { ACTIVITY_WORDS } from '../../shared/activity-words.ts';
import type { AuditSearch } from './audit-search.ts';

/** What the filter lets through, in a sentence. */
export function ShownWords({ search: { user, kind }, account }: { search: AuditSearch; account: NamedAccount | undefined }) {
  return (
    <>
      {kind ? `“${ACTIVITY_WORDS[kind]}”` : 'Everything'} of{' '}
      {user === undefined ? 'everyone' : account ? <bdi>{account.name}</bdi> : 'an account that was deleted'}
    </>
  );
}
