import { inTransaction, whereText, type Database } from '@gatehouse/prisma';
import { SYSTEM, writeActivity, type ActOptions } from './activity-row.ts';
import { CredentialsChangedError } from './credentials-changed-error.ts';
import { countOf, endSessions, type EndedSessions } from './end-sessions.ts';
import type { ExternalChanges } from './external-sessions.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { passwordProblems } from './password-policy.ts';
import { UnknownUserError } from './unknown-user-error.ts';

export type ChangePasswordOutcome =
  /** `ended`: how many live sessions it ended. `credentialEpoch`: the account's, and of the session that stays. */
  | { readonly ok: true; readonly ended: number; readonly credentialEpoch: number }
  | { readonly ok: false; readonly problems: { password: string[] } };

export interface ChangePasswordOptions extends ActOptions {
  /** The session that stays. */
  readonly exceptHandle?: string;
  readonly ifCredentialEpoch?: number;
}

export function passwordChanger(
  { prisma }: Database,
  {
    hasher,
    now,
    external,
    endedSessions,
  }: { hasher: PasswordHasher; now: () => Date; external: ExternalChanges; endedSessions: EndedSessions },
) {
  return async (userId: string, password: string, options: ChangePasswordOptions = {}): Promise<ChangePasswordOutcome> => {
    const id = whereText(userId);
    const owner = await prisma.user.findUnique({
      where: { id },
      select: { username: true, email: true, name: true, credentialEpoch: true },
    });
    if (!owner) throw new UnknownUserError();
    const problems = passwordProblems(password, owner);
    if (problems.length > 0) return { ok: false, problems: { password: problems } };

    // Outside the transaction, which holds the database's write lock.
    const passwordHash = await hasher.hash(password);
    const { exceptHandle, ifCredentialEpoch: expected, by = SYSTEM } = options;
    return external.ending(id, { exceptHandle, epoch: expected ?? owner.credentialEpoch }, async (endedBefore) => {
      const { isRest, ...outcome } = await inTransaction(prisma, async (tx) => {
        const where = { id, ...(expected !== undefined && { credentialEpoch: expected }) };
        const { count } = await tx.user.updateMany({ where, data: { passwordHash, credentialEpoch: { increment: 1 } } });
        // Read after it was raised and under its lock: two changes at once leave no session between their epochs.
        const raised = await tx.user.findUnique({ where: { id }, select: { credentialEpoch: true } });
        if (!raised) throw new UnknownUserError();
        if (count === 0) throw new CredentialsChangedError();
        const { credentialEpoch } = raised;
        const { ended, isRest } = await endSessions(tx, id, credentialEpoch, { now: now(), exceptHandle });
        if (exceptHandle !== undefined) {
          await tx.session.updateMany({
            where: { handle: whereText(exceptHandle), userId: id, credentialEpoch: credentialEpoch - 1 },
            data: { credentialEpoch },
          });
        }
        await writeActivity(tx, { kind: 'password_changed', detail: countOf(endedBefore + ended), userId: id, at: now(), by });
        return { ok: true as const, ended: endedBefore + ended, credentialEpoch, isRest };
      });
      if (isRest) await endedSessions.remove(id, outcome.credentialEpoch);
      return outcome;
    });
  };
}
