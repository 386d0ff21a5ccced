import './database-outages.ts';
import { sessionUserSchema, storedAttributes } from '@gatehouse/contract';
import { whereText, type Database } from '@gatehouse/prisma';
import { UnreadableUserError, type UserSource } from '../../user-source.ts';
import { isStorableId } from '../storable-id.ts';

/** Gatehouse's accounts as a user source. Every change is announced. */
export const databaseUsers = (prisma: Database['prisma']): UserSource => ({
  async find(userId) {
    if (!isStorableId(userId)) return undefined;
    const row = await prisma.user.findFirst({ where: { id: whereText(userId), status: 'active' } });
    if (!row) return undefined;
    // The schema keeps the fields of a session user and drops the rest of the row.
    const { success, data, error } = sessionUserSchema.safeParse({ ...row, attributes: storedAttributes(row.attributes) });
    if (!success) throw new UnreadableUserError(`This version cannot read the account ${userId}.`, { cause: error });
    return { user: data, credentialEpoch: row.credentialEpoch };
  },
});
