import { accountStatusSchema, roleSchema, type SessionUser } from '@gatehouse/contract';
import type { Database } from '@gatehouse/prisma';

/** The user if they may have a session made with these credentials, as the database has them now. */
export type StandingUser = (userId: string, credentialEpoch: number) => Promise<SessionUser | undefined>;

export const standingUser =
  (prisma: Database['prisma']): StandingUser =>
  async (userId, credentialEpoch) => {
    const row = await prisma.user.findFirst({ where: { id: userId, credentialEpoch, status: 'active' } });
    return row
      ? {
          id: row.id,
          username: row.username,
          email: row.email,
          name: row.name,
          role: roleSchema.parse(row.role),
          status: accountStatusSchema.parse(row.status),
        }
      : undefined;
  };
