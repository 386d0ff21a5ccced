import { accountStatusSchema, profileInputSchema, roleSchema, type AccountStatus, type Role, type SessionUser } from '@gatehouse/contract';
import { inTransaction, whereText, type Database, type Transaction } from '@gatehouse/prisma';
import { SYSTEM, writeActivity, type ActOptions, type Actor } from './activity-row.ts';
import { countOf, endSessions } from './end-sessions.ts';
import { markDeletedNames } from './deleted-names.ts';
import { NotAdministratorError } from './not-administrator-error.ts';
import type { EndsElsewhere } from './sessions-elsewhere.ts';
import { SESSION_USER_COLUMNS, toSessionUser } from './session-user.ts';
import { UnknownUserError } from './unknown-user-error.ts';

type Changes = Parameters<Transaction['user']['updateMany']>[0]['data'];

/**
 * What is changed of an account after it was made. Shows in every session on its next request. The audit trail is written
 * in the same transaction; what was so already is no change and leaves no row.
 */
export function changeAccount(prisma: Database['prisma'], now: () => Date, endingElsewhere: EndsElsewhere) {
  /**
   * Holds the account's row until the transaction ends: what is read of it now is what the change starts from. An administrator's
   * row as well, who must be one still: of two who take the role from each other at once, one keeps it.
   */
  async function hold(tx: Transaction, id: string, by: Actor): Promise<SessionUser> {
    const administrator = by.kind === 'admin' ? by.id : null;
    // In one order, or two such changes would wait for each other.
    for (const one of [id, ...(administrator === null ? [] : [administrator])].toSorted())
      await tx.$executeRaw`UPDATE gatehouse_user SET credential_epoch = credential_epoch WHERE user_id = ${one}`;
    if (administrator !== null && !(await isAdministrator(tx, administrator))) throw new NotAdministratorError();
    const row = await tx.user.findUnique({ where: { id }, select: SESSION_USER_COLUMNS });
    if (!row) throw new UnknownUserError();
    return toSessionUser(row);
  }

  const isAdministrator = async (tx: Transaction, id: string): Promise<boolean> =>
    (await tx.user.count({ where: { id: whereText(id), role: 'admin', status: 'active' } })) > 0;

  async function change(tx: Transaction, id: string, data: Changes): Promise<SessionUser> {
    await tx.user.updateMany({ where: { id }, data });
    return toSessionUser(await tx.user.findUniqueOrThrow({ where: { id }, select: SESSION_USER_COLUMNS }));
  }

  return {
    async updateProfile(userId: string, profile: { name: string }, { by = SYSTEM }: ActOptions = {}): Promise<SessionUser> {
      const id = whereText(userId);
      const data = profileInputSchema.parse(profile);
      return inTransaction(prisma, async (tx) => {
        const before = await hold(tx, id, by);
        if (before.name !== data.name) await writeActivity(tx, { kind: 'profile_changed', userId: id, at: now(), by });
        return change(tx, id, data);
      });
    },

    async setRole(userId: string, newRole: Role, { by = SYSTEM }: ActOptions = {}): Promise<SessionUser> {
      const id = whereText(userId);
      const role = roleSchema.parse(newRole);
      return inTransaction(prisma, async (tx) => {
        const before = await hold(tx, id, by);
        if (before.role !== role)
          await writeActivity(tx, { kind: 'role_changed', detail: { from: before.role, to: role }, userId: id, at: now(), by });
        return change(tx, id, { role });
      });
    },

    async setStatus(
      userId: string,
      newStatus: AccountStatus,
      { by = SYSTEM }: ActOptions = {},
    ): Promise<{ user: SessionUser; ended: number }> {
      const id = whereText(userId);
      const status = accountStatusSchema.parse(newStatus);
      const event = { userId: id, at: now(), by };
      if (status === 'active')
        return inTransaction(prisma, async (tx) => {
          const before = await hold(tx, id, by);
          if (before.status !== status) await writeActivity(tx, { kind: 'reactivated', ...event });
          return { user: await change(tx, id, { status }), ended: 0 };
        });
      return endingElsewhere(id, {}, (endedBefore) =>
        inTransaction(prisma, async (tx) => {
          const before = await hold(tx, id, by);
          // The epoch too: a session that is stored elsewhere, or being made right now, does not wake with the account.
          const user = await change(tx, id, { status, credentialEpoch: { increment: 1 } });
          const ended = endedBefore + (await endSessions(tx, id, { now: now() }));
          if (before.status !== status) await writeActivity(tx, { kind: 'suspended', detail: countOf(ended), ...event });
          return { user, ended };
        }),
      );
    },

    async deleteUser(userId: string, { by = SYSTEM }: ActOptions = {}): Promise<{ ended: number }> {
      const id = whereText(userId);
      return endingElsewhere(id, {}, (endedBefore) =>
        inTransaction(prisma, async (tx) => {
          const before = await hold(tx, id, by);
          const { username } = before;
          const ended = endedBefore + (await endSessions(tx, id, { now: now() }));
          await tx.user.deleteMany({ where: { id } });
          await markDeletedNames(tx, before, now());
          // The name with it: the id alone would tell nobody who was deleted.
          await writeActivity(tx, { kind: 'user_deleted', detail: { username, ...countOf(ended) }, userId: id, at: now(), by });
          return { ended };
        }),
      );
    },
  };
}
