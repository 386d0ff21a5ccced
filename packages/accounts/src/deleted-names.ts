import { createHash } from 'node:crypto';
import type { Database, Transaction } from '@gatehouse/prisma';
import { identifierKey, identifierKeysOf } from './identifier.ts';

/** Hashed, because the user name and e-mail address of a deleted account must not stay in the database. */
const subjectOf = (key: string): string => `name:${createHash('sha256').update(key).digest('base64url')}`;

/**
 * Remembers the names of an account in the transaction that deletes it. A session of an earlier app may identify its user by name, and
 * must not be adopted for someone else who gets that name later.
 */
export async function markDeletedNames(tx: Transaction, user: { username: string; email: string }, at: Date): Promise<void> {
  const subjects = [...new Set(identifierKeysOf(user).map(subjectOf))];
  await tx.adoptionMark.deleteMany({ where: { subject: { in: subjects } } });
  await tx.adoptionMark.createMany({ data: subjects.map((subject) => ({ subject, setAt: at })) });
}

export const deletedNames = (prisma: Database['prisma']) => ({
  async wasDeleted(identifier: string): Promise<boolean> {
    const key = identifierKey(identifier);
    return key !== undefined && (await prisma.adoptionMark.count({ where: { subject: subjectOf(key) } })) > 0;
  },
});
