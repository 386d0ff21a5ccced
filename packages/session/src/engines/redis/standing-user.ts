import { sessionUserSchema, storedAttributes, type SessionUser } from '@gatehouse/contract';
import type { Database } from '@gatehouse/prisma';

/** An active user with the credentials of a session; `problem` where this version does not know what their row says, such as a role. */
export type StandingUser = { readonly user: SessionUser } | { readonly user: undefined; readonly problem: Error };

/** The user if they may have a session made with these credentials, as the database has them now. */
export type FindStandingUser = (userId: string, credentialEpoch: number) => Promise<StandingUser | undefined>;

export const standingUser =
  (prisma: Database['prisma']): FindStandingUser =>
  async (userId, credentialEpoch) => {
    const row = await prisma.user.findFirst({ where: { id: userId, credentialEpoch, status: 'active' } });
    if (!row) return undefined;
    // The schema keeps the session's user of the row, and nothing else of it.
    const { success, data, error } = sessionUserSchema.safeParse({ ...row, attributes: storedAttributes(row.attributes) });
    return success ? { user: data } : { user: undefined, problem: error };
  };
