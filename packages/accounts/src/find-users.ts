import type { ListedUser, NamedAccount, SessionUser } from '@gatehouse/contract';
import { whereText, type Database } from '@gatehouse/prisma';
import { findAccount } from './authenticate.ts';
import { identifierKey } from './identifier.ts';
import { SESSION_USER_COLUMNS, toSessionUser } from './session-user.ts';

export function findUsers(prisma: Database['prisma']) {
  return {
    async findUser(identifier: string): Promise<SessionUser | undefined> {
      const row = await findAccount(prisma, identifier);
      return row ? toSessionUser(row) : undefined;
    },

    async findUserById(userId: string): Promise<SessionUser | undefined> {
      const row = await prisma.user.findUnique({ where: { id: whereText(userId) }, select: SESSION_USER_COLUMNS });
      return row ? toSessionUser(row) : undefined;
    },

    namesOf: (userIds: readonly string[]): Promise<NamedAccount[]> =>
      prisma.user.findMany({ where: { id: { in: userIds.map(whereText) } }, select: { id: true, username: true, name: true } }),

    countUsers: (): Promise<number> => prisma.user.count(),

    async listUsers({ limit = 1000, after }: { limit?: number; after?: string } = {}): Promise<ListedUser[]> {
      const rows = await prisma.user.findMany({
        where: after === undefined ? {} : { usernameKey: { gt: identifierKey(after) ?? '' } },
        select: { ...SESSION_USER_COLUMNS, createdAt: true },
        orderBy: { usernameKey: 'asc' },
        take: limit,
      });
      return rows.map((row) => ({ ...toSessionUser(row), createdAt: row.createdAt }));
    },
  };
}
