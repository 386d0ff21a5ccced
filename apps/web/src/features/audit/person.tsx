import type { NamedAccount } from '@gatehouse/contract';
import { Link } from '@tanstack/react-router';

interface PersonProps {
  readonly id: string;
  readonly accounts: ReadonlyMap<string, NamedAccount>;
  /** Under which it was known, if it is deleted and the trail says so. */
  readonly username?: string | undefined;
}

/**
 * An account with the way to it; of a deleted one, to what is left of it. Anyone may call themselves by another's name, so the user
 * name is there as well; and a name in letters that run from right to left must not turn the words around it.
 */
export function Person({ id, accounts, username }: PersonProps) {
  const account = accounts.get(id);
  if (account)
    return (
      <>
        <Link to="/accounts/$userId" params={{ userId: id }}>
          <bdi>{account.name}</bdi>
        </Link>{' '}
        ({account.username})
      </>
    );
  return (
    <>
      <Link to="/audit" search={{ user: id }} title={id}>
        {username ?? `Account ${id.slice(0, 8)}`}
      </Link>{' '}
      (deleted)
    </>
  );
}
