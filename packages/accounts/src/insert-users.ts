import type { AccountStatus, Role } from '@gatehouse/contract';
import type { Transaction } from '@gatehouse/prisma';
import type { activityRow } from './activity-row.ts';
import { insertUserWords, nameKeyOf, type WordSource } from './user-words.ts';

/** The columns of an account, but those that are derived from its name. */
export interface NewUserRow extends WordSource {
  readonly usernameKey: string;
  readonly emailKey: string;
  readonly role: Role;
  readonly status: AccountStatus;
  readonly passwordHash: string;
  readonly attributes?: string;
  readonly createdAt: Date;
}

/**
 * Stores new users with the words by which they are found, and with their audit entries. Call it in a transaction.
 * @throws an error for which `isUniqueViolation` is true, if an id, a user name or an address is taken
 */
export async function insertUsers(
  tx: Transaction,
  users: readonly NewUserRow[],
  entries: readonly ReturnType<typeof activityRow>[],
): Promise<void> {
  await tx.user.createMany({ data: users.map((user) => ({ ...user, nameKey: nameKeyOf(user.name) })) });
  await insertUserWords(tx, users);
  await tx.activity.createMany({ data: [...entries] });
}
