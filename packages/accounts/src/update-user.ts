import {
  emailSchema,
  FIELD_MESSAGES,
  profileInputSchema,
  roleSchema,
  type AttributesSchema,
  type Role,
  type SessionUser,
} from '@gatehouse/contract';
import { inTransaction, isUniqueViolation, whereText, type Database } from '@gatehouse/prisma';
import { z } from 'zod';
import { SYSTEM, writeActivity, type ActOptions } from './activity-row.ts';
import { noteRoleChange } from './change-role.ts';
import { editProfile, type ProfileChanges } from './edit-profile.ts';
import type { ExternalChanges } from './external-sessions.ts';
import { identifierKey } from './identifier.ts';
import { lockAccount } from './lock-account.ts';
import { SESSION_USER_COLUMNS, toSessionUser } from './session-user.ts';
import { writeUserWords } from './user-words.ts';

/** Fields that are left out stay as they are. */
export interface UserChanges extends ProfileChanges {
  readonly email?: string | undefined;
  readonly role?: Role | undefined;
}

export type UpdateUserOutcome =
  | { readonly ok: true; readonly user: SessionUser }
  | { readonly ok: false; readonly problems: Partial<Record<'name' | 'email' | 'role', string[]>> };

const changesSchema = z.object({ name: profileInputSchema.shape.name, email: emailSchema, role: roleSchema }).partial();

const EMAIL_TAKEN: UpdateUserOutcome = { ok: false, problems: { email: [FIELD_MESSAGES.EMAIL_TAKEN] } };

/** Changes name, own fields, e-mail address and role in one transaction: all or none. @throws UserAttributesError */
export function userUpdater(
  { prisma }: Database,
  { now, external, attributes }: { now: () => Date; external: ExternalChanges; attributes: AttributesSchema },
) {
  return async (userId: string, changes: UserChanges, { by = SYSTEM }: ActOptions = {}): Promise<UpdateUserOutcome> => {
    const id = whereText(userId);
    const { data: input, error } = changesSchema.safeParse(changes);
    if (error) return { ok: false, problems: z.flattenError(error).fieldErrors };
    const emailKey = input.email === undefined ? undefined : identifierKey(input.email);
    if (input.email !== undefined && emailKey === undefined) return { ok: false, problems: { email: [FIELD_MESSAGES.EMAIL_INVALID] } };
    const isTaken = async (): Promise<boolean> =>
      emailKey !== undefined && (await prisma.user.count({ where: { emailKey, NOT: { id } } })) > 0;
    if (await isTaken()) return EMAIL_TAKEN;
    try {
      return await external.announced(id, () =>
        inTransaction(prisma, async (tx) => {
          const before = await lockAccount(tx, id, by);
          const { name = before.name, email = before.email, role = before.role } = input;
          const { data, fields } = editProfile(before, { name, attributes: changes.attributes }, attributes);
          if (fields.length > 0) await writeActivity(tx, { kind: 'profile_changed', detail: { fields }, userId: id, at: now(), by });
          if (email !== before.email) await writeActivity(tx, { kind: 'email_changed', userId: id, at: now(), by });
          await noteRoleChange(tx, before, role, { at: now(), by });
          await tx.user.updateMany({ where: { id }, data: { ...data, email, role, ...(emailKey !== undefined && { emailKey }) } });
          await writeUserWords(tx, [{ ...before, name, email }]);
          return { ok: true, user: toSessionUser(await tx.user.findUniqueOrThrow({ where: { id }, select: SESSION_USER_COLUMNS })) };
        }),
      );
    } catch (cause) {
      // Another account took the address in between.
      if (isUniqueViolation(cause) && (await isTaken())) return EMAIL_TAKEN;
      throw cause;
    }
  };
}
