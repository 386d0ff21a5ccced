import { whereText, type Transaction } from '@gatehouse/prisma';

/** Ends a user's sessions, but one, as part of a transaction. Returns how many of them had not expired. */
export async function endSessions(
  tx: Transaction,
  userId: string,
  { now, exceptKey }: { now: Date; exceptKey?: string | undefined },
): Promise<number> {
  const where = { userId: whereText(userId), ...(exceptKey !== undefined && { key: { not: whereText(exceptKey) } }) };
  const { count } = await tx.session.deleteMany({ where: { ...where, expiresAt: { gt: now } } });
  await tx.session.deleteMany({ where });
  return count;
}

/** For the audit trail. No number where there is none: sessions that are stored elsewhere are ended later. */
export const countOf = (ended: number): { ended?: number } => (ended > 0 ? { ended } : {});
