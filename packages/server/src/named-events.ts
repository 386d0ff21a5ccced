import type { Accounts } from '@gatehouse/accounts';
import type { AuditEvent, NamedAccount } from '@gatehouse/contract';

/** Audit entries with the names of the accounts that they refer to, and of `more` ids. */
export async function namedEvents(
  accounts: Pick<Accounts, 'namesOf'>,
  events: AuditEvent[],
  more: readonly (string | undefined)[] = [],
): Promise<{ events: AuditEvent[]; accounts: NamedAccount[] }> {
  const ids = new Set([...more, ...events.flatMap(({ userId, actorId }) => [userId, actorId])]);
  return { events, accounts: await accounts.namesOf([...ids].filter((id) => typeof id === 'string')) };
}
