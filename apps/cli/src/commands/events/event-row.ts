import type { Accounts } from '@gatehouse/accounts';
import type { AuditEvent } from '@gatehouse/contract';
import { requireUser } from '../../require-user.ts';

/** The name of an account by its id; the id itself if the account is deleted. */
export type NameOf = (id: string | null) => string;

/** Looks up the accounts of these events. */
export async function namesOf(accounts: Accounts, events: readonly AuditEvent[]): Promise<NameOf> {
  const ids = [...new Set(events.flatMap(({ userId, actorId }) => [userId, actorId]))].filter((id) => id !== null);
  const names = new Map<string, string>();
  for (let from = 0; from < ids.length; from += CHUNK)
    for (const { id, username } of await accounts.namesOf(ids.slice(from, from + CHUNK))) names.set(id, username);
  return (id) => (id === null ? '-' : (names.get(id) ?? id));
}

const CHUNK = 500;

export const EVENT_TITLES = ['Time', 'Event', 'Account', 'By', 'Address', 'Details'] as const;

export const eventRow = ({ at, kind, userId, actorKind, actorId, ip, handle, reason, detail }: AuditEvent, nameOf: NameOf): string[] => [
  at.toISOString(),
  kind,
  nameOf(userId),
  actorId === null || actorId === userId ? actorKind : nameOf(actorId),
  ip ?? '-',
  [handle, reason, ...Object.entries(detail ?? {}).map(([name, value]) => `${name}=${String(value)}`)].filter(Boolean).join(' '),
];

/** The id of an account. A deleted one can only be found by its id, because its names are gone. @throws Failure UNKNOWN_USER */
export async function accountId(accounts: Accounts, identifier: string): Promise<string> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(identifier);
  return isId ? identifier : (await requireUser(accounts, identifier)).id;
}
