import { sessionUserSchema, type SessionUser } from '@gatehouse/contract';
import type { Database } from '@gatehouse/prisma';

/** The user if they may have a session made with these credentials, as the database has them now. */
export type StandingUser = (userId: string, credentialEpoch: number) => Promise<SessionUser | undefined>;

export const standingUser =
  (prisma: Database['prisma']): StandingUser =>
  async (userId, credentialEpoch) => {
    const row = await prisma.user.findFirst({ where: { id: userId, credentialEpoch, status: 'active' } });
    // The schema keeps the session's user of the row, and nothing else of it.
    return row ? sessionUserSchema.parse(row) : undefined;
  };
