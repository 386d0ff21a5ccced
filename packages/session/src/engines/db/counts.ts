import type { Database } from '@gatehouse/prisma';
import { join, sql, type Sql } from '@gatehouse/prisma/sql';
import type { Engine } from '../../engine-port.ts';
import { isStorableId } from '../storable-id.ts';

/** Counts of some live sessions. `live`: the condition of a live row. */
export function dbCounts(
  prisma: Database['prisma'],
  live: () => Sql,
  now: () => number,
): Pick<Engine, 'countByUsers' | 'signedInUsers' | 'countExpiring'> {
  return {
    async countByUsers(userIds) {
      const ids = userIds.filter(isStorableId);
      if (ids.length === 0) return new Map();
      const rows = await prisma.$queryRaw<{ user_id: string; sessions: unknown }[]>(sql`
        SELECT gatehouse_session.user_id, COUNT(*) AS sessions FROM gatehouse_session
        WHERE gatehouse_session.user_id IN (${join(ids)}) AND ${live()} GROUP BY gatehouse_session.user_id`);
      return new Map(rows.map(({ user_id: id, sessions }) => [id, Number(sessions)]));
    },

    async signedInUsers(limit) {
      const rows = await prisma.$queryRaw<{ user_id: string }[]>(sql`
        SELECT DISTINCT gatehouse_session.user_id FROM gatehouse_session
        WHERE gatehouse_session.user_id IS NOT NULL AND ${live()} LIMIT ${limit}`);
      return rows.map(({ user_id: id }) => id);
    },

    async countExpiring(byMs, limit) {
      const [row] = await prisma.$queryRaw<{ sessions: unknown }[]>(sql`
        SELECT COUNT(*) AS sessions FROM (
          SELECT 1 FROM gatehouse_session
          WHERE gatehouse_session.expires_at > ${new Date(now())} AND gatehouse_session.expires_at <= ${new Date(byMs)} AND ${live()}
          LIMIT ${limit}) AS expiring`);
      return Number(row?.sessions ?? 0);
    },
  };
}
