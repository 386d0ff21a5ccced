import type { NamedAccount } from '@gatehouse/contract';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl/react';

interface AccountLinkProps {
  readonly id: string;
  readonly accounts: ReadonlyMap<string, NamedAccount>;
  /** User name of a deleted account, if the entry contains it. */
  readonly username?: string | undefined;
}

/**
 * Links to an account, or to the entries of a deleted account. Shows the user name as well, because display names are not unique. `<bdi>`
 * keeps right-to-left names from reordering the surrounding text.
 */
export function AccountLink({ id, accounts, username }: AccountLinkProps) {
  const t = useTranslations('audit.account');
  const account = accounts.get(id);
  if (account)
    return (
      <>
        <Link to="/accounts/$userId" params={{ userId: id }}>
          <bdi>{account.name}</bdi>
        </Link>{' '}
        (<bdi>{account.username}</bdi>)
      </>
    );
  return (
    <>
      <Link to="/audit" search={{ user: id }} title={id}>
        {username ?? t('unnamed', { id: id.slice(0, 8) })}
      </Link>{' '}
      {t('deleted')}
    </>
  );
}
