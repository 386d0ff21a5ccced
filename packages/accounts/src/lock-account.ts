import type { SessionUser } from '@gatehouse/contract';
import { whereText, type Transaction } from '@gatehouse/prisma';
import { NotAdministratorError, UnknownUserError } from './account-errors.ts';
import type { Actor } from './activity-row.ts';
import { SESSION_USER_COLUMNS, toSessionUser } from './session-user.ts';

/**
 * Locks the account's row until the transaction ends and reads it. Also locks the row of the acting administrator and checks
 * that they still are one: if two administrators demote each other at the same time, only the first change succeeds.
 */
export async function lockAccount(tx: Transaction, id: string, by: Actor): Promise<SessionUser> {
  const administrator = by.kind === 'admin' ? by.id : null;
  // Always in the same order, to prevent a deadlock between two changes.
  for (const userId of [id, ...(administrator === null ? [] : [administrator])].toSorted())
    await tx.$executeRaw`UPDATE gatehouse_user SET credential_epoch = credential_epoch WHERE user_id = ${userId}`;
  if (administrator !== null && !(await isAdministrator(tx, administrator))) throw new NotAdministratorError();
  const row = await tx.user.findUnique({ where: { id }, select: SESSION_USER_COLUMNS });
  if (!row) throw new UnknownUserError();
  return toSessionUser(row);
}

const isAdministrator = async (tx: Transaction, id: string): Promise<boolean> =>
  (await tx.user.count({ where: { id: whereText(id), role: 'admin', status: 'active' } })) > 0;
