import {
  accountStatusSchema,
  profileInputSchema,
  roleSchema,
  type AccountStatus,
  type AttributeChanges,
  type AttributesSchema,
  type Role,
  type SessionUser,
} from '@gatehouse/contract';
import { inTransaction, whereText, type Database, type Transaction } from '@gatehouse/prisma';
import { SYSTEM, writeActivity, type ActOptions, type Actor } from './activity-row.ts';
import { noteRoleChange } from './change-role.ts';
import { markDeletedNames } from './deleted-names.ts';
import { countOf, endSessions, hasManySessions, type EndedSessions } from './end-sessions.ts';
import type { ExternalChanges } from './external-sessions.ts';
import { editProfile, type ProfileChanges } from './edit-profile.ts';
import { lockAccount } from './lock-account.ts';
import { SESSION_USER_COLUMNS, toSessionUser } from './session-user.ts';
import { writeUserWords } from './user-words.ts';

type Changes = Parameters<Transaction['user']['updateMany']>[0]['data'];

/**
 * Changes to an existing account. Every session shows them on its next request. The audit entry is written in the same
 * transaction. Setting a value that the account already has writes no audit entry.
 */
export function changeAccount(
  { prisma }: Database,
  {
    now,
    external,
    endedSessions,
    attributes,
  }: { now: () => Date; external: ExternalChanges; endedSessions: EndedSessions; attributes: AttributesSchema },
) {
  /**
   * Suspends the account, which ends its sessions. Raises the credential epoch, so that sessions outside the database, and sessions
   * that are being created at this moment, stay ended after the account is reactivated.
   */
  async function suspend(tx: Transaction, id: string, endedBefore: number, { at, by }: { at: Date; by: Actor }) {
    const before = await lockAccount(tx, id, by);
    const user = await change(tx, id, { status: 'suspended', credentialEpoch: { increment: 1 } });
    const { credentialEpoch: epoch } = await tx.user.findUniqueOrThrow({ where: { id }, select: { credentialEpoch: true } });
    const { hasLeftovers, ...outcome } = await endSessions(tx, id, epoch, { now: at });
    const ended = endedBefore + outcome.ended;
    if (before.status !== 'suspended') await writeActivity(tx, { kind: 'suspended', detail: countOf(ended), userId: id, at, by });
    return { user, ended, epoch, hasLeftovers };
  }

  async function change(tx: Transaction, id: string, data: Changes): Promise<SessionUser> {
    await tx.user.updateMany({ where: { id }, data });
    return toSessionUser(await tx.user.findUniqueOrThrow({ where: { id }, select: SESSION_USER_COLUMNS }));
  }

  /** Runs a change in one transaction. Every session sees it from the commit on. */
  const changeInTransaction = <Result>(id: string, work: (tx: Transaction) => Promise<Result>): Promise<Result> =>
    external.announced(id, () => inTransaction(prisma, work));

  async function updateProfile(userId: string, profile: ProfileChanges, { by = SYSTEM }: ActOptions = {}): Promise<SessionUser> {
    const id = whereText(userId);
    const { name: newName } = profileInputSchema.partial().parse(profile);
    return changeInTransaction(id, async (tx) => {
      const before = await lockAccount(tx, id, by);
      const edit = editProfile(before, { name: newName, attributes: profile.attributes }, attributes);
      if (edit.fields.length === 0) return before;
      await writeActivity(tx, { kind: 'profile_changed', detail: { fields: edit.fields }, userId: id, at: now(), by });
      if (edit.data.name !== undefined) await writeUserWords(tx, [{ ...before, name: edit.data.name }]);
      return change(tx, id, edit.data);
    });
  }

  return {
    updateProfile,

    updateAttributes(userId: string, changes: AttributeChanges, options?: ActOptions) {
      // A body that was not parsed is undefined, which in a profile would mean that nothing changes.
      const given: unknown = changes;
      return updateProfile(userId, { attributes: (given ?? null) as AttributeChanges }, options);
    },

    async setRole(userId: string, newRole: Role, { by = SYSTEM }: ActOptions = {}): Promise<SessionUser> {
      const id = whereText(userId);
      const role = roleSchema.parse(newRole);
      return changeInTransaction(id, async (tx) => {
        const before = await lockAccount(tx, id, by);
        await noteRoleChange(tx, before, role, { at: now(), by });
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
        return changeInTransaction(id, async (tx) => {
          const before = await lockAccount(tx, id, by);
          if (before.status !== status) await writeActivity(tx, { kind: 'reactivated', ...event });
          return { user: await change(tx, id, { status }), ended: 0 };
        });
      return external.ending(id, undefined, async (endedBefore) => {
        const { user, ended, epoch, hasLeftovers } = await inTransaction(prisma, (tx) => suspend(tx, id, endedBefore, event));
        if (hasLeftovers) await endedSessions.remove(id, epoch);
        return { user, ended };
      });
    },

    async deleteUser(userId: string, { by = SYSTEM }: ActOptions = {}): Promise<{ ended: number }> {
      const id = whereText(userId);
      return external.ending(id, undefined, async (endedBefore) => {
        let ended = endedBefore;
        // Too many sessions to delete with the account in one statement: suspend it, which ends them, delete their rows, then the account.
        if (await hasManySessions(prisma, id)) {
          const suspended = await inTransaction(prisma, (tx) => suspend(tx, id, endedBefore, { at: now(), by }));
          ended = suspended.ended;
          await endedSessions.removeAll(id, suspended.epoch);
        }
        return inTransaction(prisma, async (tx) => {
          const before = await lockAccount(tx, id, by);
          const { username } = before;
          const { credentialEpoch } = await tx.user.findUniqueOrThrow({ where: { id }, select: { credentialEpoch: true } });
          const outcome = await endSessions(tx, id, credentialEpoch + 1, { now: now() });
          await tx.user.deleteMany({ where: { id } });
          await markDeletedNames(tx, before, now());
          // Includes the name, because the id of a deleted account means nothing to a reader.
          const total = ended + outcome.ended;
          await writeActivity(tx, { kind: 'user_deleted', detail: { username, ...countOf(total) }, userId: id, at: now(), by });
          return { ended: total };
        });
      });
    },
  };
}
