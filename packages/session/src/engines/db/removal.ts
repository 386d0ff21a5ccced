import type { Database } from '@gatehouse/prisma';
import { empty, join, sql, type Sql } from '@gatehouse/prisma/sql';
import { isPossibleName } from '../possible-name.ts';
import type { DestroyedOne, SessionLink } from './destroy-chain.ts';
import type { RemovedRow } from './rows.ts';

/** Rows in one statement at most: what it holds up, and its list of handles, stay small. */
export const MAX_BATCH = 5000;

interface Batch {
  /** Which rows, asked anew for each statement. */
  readonly where: () => Sql;
  readonly limit: number;
  /** Default: as the rows are found. */
  readonly order?: Sql;
  /** What was found, and how many of them this process has removed; perhaps several times. */
  readonly onRemoved?: (rows: readonly RemovedRow[], removed: number) => Promise<void>;
}

/** Rows that go, because someone ended them or their time is over. `live`: what is live at this moment, as a condition. */
export function dbRemoval({ prisma }: Pick<Database, 'prisma'>, live: () => Sql) {
  const remove = (where: Sql): Promise<number> => prisma.$executeRaw(sql`DELETE FROM gatehouse_session WHERE ${where}`);

  return {
    remove,

    /** Ends what is live and says how many that were; what was dead already goes with it, uncounted. */
    async end(where: Sql): Promise<number> {
      const ended = await remove(sql`${where} AND ${live()}`);
      await remove(where);
      return ended;
    },

    async linkOf(handle: string): Promise<SessionLink | undefined> {
      if (!isPossibleName(handle)) return undefined;
      const [row] = await prisma.$queryRaw<{ user_id: string | null; successor: string | null }[]>(
        sql`SELECT user_id, successor FROM gatehouse_session WHERE handle = ${handle}`,
      );
      return row && { userId: row.user_id, successor: row.successor };
    },

    /** The condition on the successor makes a claim that lands meanwhile visible: without it the claim's session would outlive the end. */
    async destroyOne(handle: string, successor: string | null): Promise<DestroyedOne> {
      if (!isPossibleName(handle)) return 'none';
      if (successor !== null) return (await remove(sql`handle = ${handle} AND successor = ${successor}`)) > 0 ? 'removed' : 'none';
      const unclaimed = sql`handle = ${handle} AND successor IS NULL`;
      if ((await remove(sql`${unclaimed} AND ${live()}`)) > 0) return 'ended';
      return (await remove(unclaimed)) > 0 ? 'removed' : 'none';
    },

    /**
     * Removes `limit` rows at most, in two steps for any database: handles first, by an index, then the rows that still
     * are what they were. Where another process was faster it looks again, so that fewer than `limit` means: no more.
     */
    async removeBatch({ where, limit, order = empty, onRemoved }: Batch): Promise<number> {
      const most = Math.min(limit, MAX_BATCH);
      for (let removed = 0; ;) {
        const rows = await prisma.$queryRaw<RemovedRow[]>(
          sql`SELECT handle, user_id, successor, expires_at FROM gatehouse_session WHERE ${where()} ${order} LIMIT ${most - removed}`,
        );
        if (rows.length > 0) {
          const some = await remove(sql`handle IN (${join(rows.map(({ handle }) => handle))}) AND ${where()}`);
          removed += some;
          await onRemoved?.(rows, some);
        }
        if (rows.length === 0 || removed >= most) return removed;
      }
    },
  };
}

export type DbRemoval = ReturnType<typeof dbRemoval>;
