import type { Database } from '@gatehouse/prisma';
import { join, sqltag as sql, type Sql } from '@prisma/client/runtime/client';
import type { RemovedRow } from './db-rows.ts';

/** Rows in one statement at most: what it holds up, and its list of keys, stay small. */
export const MAX_BATCH = 5000;

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

    /**
     * Removes `batch` rows at most, in two steps for any database: keys first, by an index, then the rows that still
     * are what they were. Where another process was faster it looks again, so that fewer than `batch` means: no more.
     */
    async removeBatch(where: () => Sql, batch: number, onRemoved?: (rows: readonly RemovedRow[]) => Promise<void>): Promise<number> {
      const limit = Math.min(batch, MAX_BATCH);
      for (let removed = 0; ;) {
        const rows = await prisma.$queryRaw<RemovedRow[]>(
          sql`SELECT session_key, handle, user_id, expires_at FROM gatehouse_session WHERE ${where()} ORDER BY expires_at LIMIT ${limit - removed}`,
        );
        if (rows.length > 0) {
          removed += await remove(sql`session_key IN (${join(rows.map(({ session_key }) => session_key))}) AND ${where()}`);
          await onRemoved?.(rows);
        }
        if (rows.length === 0 || removed >= limit) return removed;
      }
    },
  };
}
