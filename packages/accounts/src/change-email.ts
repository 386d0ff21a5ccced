import { emailSchema, FIELD_MESSAGES, type SessionUser } from '@gatehouse/contract';
import { inTransaction, isUniqueViolation, whereText, type Database } from '@gatehouse/prisma';
import { z } from 'zod';
import { CredentialsChangedError } from './account-errors.ts';
import { SYSTEM, writeActivity, type ActOptions } from './activity-row.ts';
import type { ExternalChanges } from './external-sessions.ts';
import { identifierKey } from './identifier.ts';
import { lockAccount } from './lock-account.ts';
import { SESSION_USER_COLUMNS, toSessionUser } from './session-user.ts';
import { writeUserWords } from './user-words.ts';

export interface ChangeEmailOptions extends ActOptions {
  /** The epoch at which the current password was verified. Default: any. */
  readonly ifCredentialEpoch?: number;
}

export type ChangeEmailOutcome =
  | { readonly ok: true; readonly user: SessionUser; /** The account did not have this address before. */ readonly isChanged: boolean }
  | {
      readonly ok: false;
      readonly problems: { readonly email: string[] };
      /** Another account has the address. */ readonly isTaken: boolean;
    };

const INVALID: ChangeEmailOutcome = { ok: false, problems: { email: [FIELD_MESSAGES.EMAIL_INVALID] }, isTaken: false };
const TAKEN: ChangeEmailOutcome = { ok: false, problems: { email: [FIELD_MESSAGES.EMAIL_TAKEN] }, isTaken: true };

/** Changes the e-mail address with its audit entry in one transaction. Sessions stay. */
export function emailChanger({ prisma }: Database, { now, external }: { now: () => Date; external: ExternalChanges }) {
  return async (userId: string, newEmail: string, options: ChangeEmailOptions = {}): Promise<ChangeEmailOutcome> => {
    const id = whereText(userId);
    const { ifCredentialEpoch: expected, by = SYSTEM } = options;
    const { data: email, error } = emailSchema.safeParse(newEmail);
    if (error) return { ok: false, problems: { email: z.flattenError(error).formErrors }, isTaken: false };
    const emailKey = identifierKey(email);
    if (emailKey === undefined) return INVALID;
    const isTaken = async (): Promise<boolean> => (await prisma.user.count({ where: { emailKey, NOT: { id } } })) > 0;
    if (await isTaken()) return TAKEN;
    try {
      return await external.announced(id, () =>
        inTransaction(prisma, async (tx) => {
          const before = await lockAccount(tx, id, by);
          const { credentialEpoch } = await tx.user.findUniqueOrThrow({ where: { id }, select: { credentialEpoch: true } });
          if (expected !== undefined && expected !== credentialEpoch) throw new CredentialsChangedError();
          if (before.email === email) return { ok: true, user: before, isChanged: false };
          await writeActivity(tx, { kind: 'email_changed', userId: id, at: now(), by });
          await tx.user.updateMany({ where: { id }, data: { email, emailKey } });
          await writeUserWords(tx, [{ ...before, email }]);
          const user = toSessionUser(await tx.user.findUniqueOrThrow({ where: { id }, select: SESSION_USER_COLUMNS }));
          return { ok: true, user, isChanged: true };
        }),
      );
    } catch (cause) {
      // Another account took the address in between.
      if (isUniqueViolation(cause) && (await isTaken())) return TAKEN;
      throw cause;
    }
  };
}
