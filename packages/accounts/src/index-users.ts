import { inTransaction, type Database } from '@gatehouse/prisma';
import { join, sql } from '@gatehouse/prisma/sql';
import { writeUserWords } from './user-words.ts';

/** For accounts from before the words existed, and for those that an older server creates beside this one. */
export function indexUsers({ prisma, provider }: Database) {
  return {
    async indexUsers({ batch }: { batch: number }): Promise<number> {
      const where = { nameKey: '' };
      const found = await prisma.user.findMany({ where, select: { id: true }, orderBy: { id: 'asc' }, take: batch });
      if (found.length === 0) return 0;
      const ids = found.map(({ id }) => id);
      const signIns = await prisma.activity.groupBy({
        by: ['userId'],
        where: { userId: { in: ids }, kind: 'signed_in' },
        _max: { at: true },
      });
      await inTransaction(prisma, async (tx) => {
        // Locked and read again, so that the words are never those of a name that is being changed at this moment.
        // SQLite has locked the whole file.
        if (provider !== 'sqlite')
          await tx.$queryRaw(sql`SELECT user_id FROM gatehouse_user WHERE user_id IN (${join(ids)}) ORDER BY user_id FOR UPDATE`);
        const users = await tx.user.findMany({ where: { id: { in: ids } }, select: { id: true, username: true, email: true, name: true } });
        await writeUserWords(tx, users);
        for (const { userId, _max } of signIns) if (userId !== null && _max.at) await noteSignIn(tx, userId, _max.at);
      });
      return found.length;
    },
  };
}

/** Sets the last sign-in of an account, unless a later one is known. */
export async function noteSignIn(tx: Pick<Database['prisma'], '$executeRaw'>, userId: string, at: Date): Promise<void> {
  const ms = at.getTime();
  await tx.$executeRaw(sql`UPDATE gatehouse_user SET last_sign_in_ms = ${ms} WHERE user_id = ${userId} AND last_sign_in_ms < ${ms}`);
}
