import type { ChangePasswordOutcome } from '@gatehouse/contract';
import { inTransaction, whereText, type Database } from '@gatehouse/prisma';
import { SYSTEM, writeActivity, type ActOptions } from './activity-row.ts';
import { CredentialsChangedError, UnknownUserError } from './account-errors.ts';
import { countOf, endSessions, type EndedSessions } from './end-sessions.ts';
import type { ExternalChanges } from './external-sessions.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { passwordProblems } from './password-policy.ts';

export interface ChangePasswordOptions extends ActOptions {
  /** The session to keep. */
  readonly exceptHandle?: string;
  /** The epoch at which the current password was verified. Default: any. */
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

    // Hash outside the transaction, which holds SQLite's write lock.
    const passwordHash = await hasher.hash(password);
    const { exceptHandle, ifCredentialEpoch: expected, by = SYSTEM } = options;
    return external.ending(id, { exceptHandle, epoch: expected ?? owner.credentialEpoch }, async (endedBefore) => {
      const { hasLeftovers, ...outcome } = await inTransaction(prisma, async (tx) => {
        const where = { id, ...(expected !== undefined && { credentialEpoch: expected }) };
        const { count } = await tx.user.updateMany({ where, data: { passwordHash, credentialEpoch: { increment: 1 } } });
        // Read the epoch after raising it, under the row lock, so that concurrent changes leave no session with an epoch in between.
        const raised = await tx.user.findUnique({ where: { id }, select: { credentialEpoch: true } });
        if (!raised) throw new UnknownUserError();
        if (count === 0) throw new CredentialsChangedError();
        const { credentialEpoch } = raised;
        const { ended, hasLeftovers } = await endSessions(tx, id, credentialEpoch, { now: now(), exceptHandle });
        if (exceptHandle !== undefined) {
          await tx.session.updateMany({
            where: { handle: whereText(exceptHandle), userId: id, credentialEpoch: credentialEpoch - 1 },
            data: { credentialEpoch },
          });
        }
        await writeActivity(tx, { kind: 'password_changed', detail: countOf(endedBefore + ended), userId: id, at: now(), by });
        return { ok: true as const, ended: endedBefore + ended, credentialEpoch, hasLeftovers };
      });
      if (hasLeftovers) await endedSessions.remove(id, outcome.credentialEpoch);
      return outcome;
    });
  };
}
