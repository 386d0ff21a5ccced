import type { Role, SessionUser } from '@gatehouse/contract';
import type { Transaction } from '@gatehouse/prisma';
import { writeActivity, type Actor } from './activity-row.ts';

/** Writes what a change of the role needs beside the role itself. Does nothing if the account has it already. */
export async function noteRoleChange(tx: Transaction, before: SessionUser, role: Role, { at, by }: { at: Date; by: Actor }): Promise<void> {
  const { id: userId } = before;
  if (before.role === role) return;
  await writeActivity(tx, { kind: 'role_changed', detail: { from: before.role, to: role }, userId, at, by });
  // A session secret from before the change must not gain the new rights (OWASP: renew the session id after any privilege change).
  await tx.session.updateMany({ where: { userId, previousSecretHash: { not: null } }, data: { previousSecretHash: null } });
}
