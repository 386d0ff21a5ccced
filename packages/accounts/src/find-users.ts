import type { ListedUser, NamedAccount, SessionUser } from '@gatehouse/contract';
import { whereText, type Database } from '@gatehouse/prisma';
import { sql } from '@gatehouse/prisma/sql';
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

    /** In slices of an index: one statement over a million accounts may take longer than the database server allows. */
    async countUsers({ slice = 20_000 } = {}): Promise<number> {
      let total = 0;
      for (let [after, size] = ['', slice]; size === slice; total += size) {
        // oxlint-disable-next-line no-await-in-loop -- each slice begins where the one before ends
        const [row] = await prisma.$queryRaw<{ size: unknown; last: string | null }[]>(sql`
          SELECT COUNT(*) AS size, MAX(username_key) AS last FROM (
            SELECT username_key FROM gatehouse_user WHERE username_key > ${after} ORDER BY username_key LIMIT ${slice}) AS some_users`);
        [after, size] = [row?.last ?? '', Number(row?.size ?? 0)];
      }
      return total;
    },

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
