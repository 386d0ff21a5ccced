import type { Database } from '@gatehouse/prisma';
import { empty, join, sql, type Sql } from '@gatehouse/prisma/sql';
import { isStorableId } from '../storable-id.ts';
import type { DestroyedOne, SessionLink } from './destroy-chain.ts';
import type { RemovedRow } from './rows.ts';

/** Maximum rows per statement, which limits its duration and its list of handles. */
export const MAX_BATCH = 5000;

interface Batch {
  /** Condition of the rows, computed again for each statement. */
  readonly where: () => Sql;
  readonly limit: number;
  /** Default: any order. */
  readonly order?: Sql;
  /** Called with the rows that were found, and how many of them this process removed. Possibly several times. */
  readonly onRemoved?: (rows: readonly RemovedRow[], removed: number) => Promise<void>;
}

/** Deletes rows of ended and expired sessions. `live` is the SQL condition for the sessions that are live now. */
export function dbRemoval({ prisma }: Pick<Database, 'prisma'>, live: () => Sql) {
  const remove = (where: Sql): Promise<number> => prisma.$executeRaw(sql`DELETE FROM gatehouse_session WHERE ${where}`);

  return {
    remove,

    /** Ends live sessions and returns their number. Sessions that are no longer live are deleted too, uncounted. */
    async end(where: Sql): Promise<number> {
      const ended = await remove(sql`${where} AND ${live()}`);
      await remove(where);
      return ended;
    },

    async linkOf(handle: string): Promise<SessionLink | undefined> {
      if (!isStorableId(handle)) return undefined;
      const [row] = await prisma.$queryRaw<{ user_id: string | null; successor: string | null }[]>(
        sql`SELECT user_id, successor FROM gatehouse_session WHERE handle = ${handle}`,
      );
      return row && { userId: row.user_id, successor: row.successor };
    },

    /** The condition on the successor detects a concurrent claim. Without it, the claiming session would outlive the end. */
    async destroyOne(handle: string, successor: string | null): Promise<DestroyedOne> {
      if (!isStorableId(handle)) return 'none';
      if (successor !== null) return (await remove(sql`handle = ${handle} AND successor = ${successor}`)) > 0 ? 'removed' : 'none';
      const unclaimed = sql`handle = ${handle} AND successor IS NULL`;
      if ((await remove(sql`${unclaimed} AND ${live()}`)) > 0) return 'ended';
      return (await remove(unclaimed)) > 0 ? 'removed' : 'none';
    },

    /**
     * Removes at most `limit` rows in two steps, which works on every database: first it finds handles by an index,
     * then it deletes the rows that still match. If another process was faster it searches again, so fewer than `limit`
     * means that there are no more.
     */
    async removeBatch({ where, limit, order = empty, onRemoved }: Batch): Promise<number> {
      const max = Math.min(limit, MAX_BATCH);
      for (let removed = 0; ;) {
        const rows = await prisma.$queryRaw<RemovedRow[]>(
          sql`SELECT handle, user_id, successor, expires_at FROM gatehouse_session WHERE ${where()} ${order} LIMIT ${max - removed}`,
        );
        if (rows.length > 0) {
          const some = await remove(sql`handle IN (${join(rows.map(({ handle }) => handle))}) AND ${where()}`);
          removed += some;
          await onRemoved?.(rows, some);
        }
        if (rows.length === 0 || removed >= max) return removed;
      }
    },
  };
}

export type DbRemoval = ReturnType<typeof dbRemoval>;
