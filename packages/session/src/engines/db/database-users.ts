import './database-outages.ts';
import { sessionUserSchema, storedAttributes } from '@gatehouse/contract';
import { whereText, type Database } from '@gatehouse/prisma';
import { UnreadableUserError, type UserSource } from '../../user-source.ts';
import { isPossibleName } from '../possible-name.ts';

/** Gatehouse's own accounts. Each change of one is announced. */
export const databaseUsers = (prisma: Database['prisma']): UserSource => ({
  async find(userId) {
    if (!isPossibleName(userId)) return undefined;
    const row = await prisma.user.findFirst({ where: { id: whereText(userId), status: 'active' } });
    if (!row) return undefined;
    // The schema keeps the session's user of the row, and nothing else of it.
    const { success, data, error } = sessionUserSchema.safeParse({ ...row, attributes: storedAttributes(row.attributes) });
    if (!success) throw new UnreadableUserError(`The account ${userId} holds what this version cannot read.`, { cause: error });
    return { user: data, credentialEpoch: row.credentialEpoch };
  },
});
