import { accountStatusSchema, profileInputSchema, roleSchema, type AccountStatus, type Role, type SessionUser } from '@gatehouse/contract';
import { inTransaction, whereText, type Database, type Transaction } from '@gatehouse/prisma';
import { endSessions } from './end-sessions.ts';
import { SESSION_USER_COLUMNS, toSessionUser } from './session-user.ts';
import { UnknownUserError } from './unknown-user-error.ts';

type Changes = Parameters<Transaction['user']['updateMany']>[0]['data'];

/** What is changed of an account after it was made. Shows in every session on its next request. */
export function changeAccount(prisma: Database['prisma'], now: () => Date) {
  async function change(client: Transaction, userId: string, data: Changes): Promise<SessionUser> {
    const id = whereText(userId);
    const { count } = await client.user.updateMany({ where: { id }, data });
    const row = count > 0 ? await client.user.findUnique({ where: { id }, select: SESSION_USER_COLUMNS }) : null;
    if (!row) throw new UnknownUserError();
    return toSessionUser(row);
  }

  return {
    updateProfile: async (userId: string, profile: { name: string }): Promise<SessionUser> =>
      change(prisma, userId, profileInputSchema.parse(profile)),

    setRole: async (userId: string, role: Role): Promise<SessionUser> => change(prisma, userId, { role: roleSchema.parse(role) }),

    setStatus: (userId: string, status: AccountStatus): Promise<{ user: SessionUser; ended: number }> =>
      inTransaction(prisma, async (tx) => {
        if (accountStatusSchema.parse(status) === 'active') return { user: await change(tx, userId, { status }), ended: 0 };
        // The epoch too: a session that is stored elsewhere, or being made right now, does not wake with the account.
        const user = await change(tx, userId, { status, credentialEpoch: { increment: 1 } });
        return { user, ended: await endSessions(tx, userId, { now: now() }) };
      }),

    deleteUser: (userId: string): Promise<{ ended: number }> =>
      inTransaction(prisma, async (tx) => {
        const id = whereText(userId);
        const ended = await endSessions(tx, id, { now: now() });
        await tx.activity.deleteMany({ where: { userId: id } });
        const { count } = await tx.user.deleteMany({ where: { id } });
        if (count === 0) throw new UnknownUserError();
        return { ended };
      }),
  };
}
