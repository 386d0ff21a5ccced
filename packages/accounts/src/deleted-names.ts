import { createHash } from 'node:crypto';
import type { Database, Transaction } from '@gatehouse/prisma';
import { identifierKey, identifierKeysOf } from './identifier.ts';

/** A hash, because a deleted account leaves no user name and e-mail address here. */
const subjectOf = (key: string): string => `name:${createHash('sha256').update(key).digest('base64url')}`;

/**
 * As part of a deletion. A session of an earlier app may call its user by user name or e-mail address; whoever is given the name later is
 * somebody else.
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
