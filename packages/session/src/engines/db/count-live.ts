import { isDatabaseUnavailable, type Database } from '@gatehouse/prisma';
import { sql, type Sql } from '@gatehouse/prisma/sql';
import type { Engine, Lifetimes } from '../../engine-port.ts';
import { countLive } from './sql.ts';

interface CountOptions {
  readonly prisma: Database['prisma'];
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  /** Rows that one statement reads. Default: 10,000. */
  readonly slice?: number;
}

interface Counts {
  readonly sessions: number;
  readonly users: number;
}

/** How a part of the table is split. `Position` is a value of the index that the count reads. */
interface Split<Position> {
  readonly first: Position;
  /** The end of the slice of this size that begins after the position; undefined for the last slice. */
  readonly endOf: (after: Position, size: number) => Promise<Position | undefined>;
  readonly within: (after: Position, end: Position | undefined) => Sql;
}

const SLICE = 10_000;
/** A statement over this few rows only times out if the database does not work at all. */
const MIN_SLICE = 100;

/**
 * Counts live sessions. A statement over a million rows may take longer than the database server allows, and blocks the event loop on
 * SQLite. So larger tables are counted in slices, each a range of the index that the count reads. Every user is within one slice. If a slice
 * takes too long, because the server is busy or its cache is cold, it is counted in smaller ones.
 */
export function dbCount({ prisma, lifetimes, now, slice = SLICE }: CountOptions): Engine['count'] {
  async function hasMoreRows(): Promise<boolean> {
    const [row] = await prisma.$queryRaw<{ size: unknown }[]>(
      sql`SELECT COUNT(*) AS size FROM (SELECT 1 FROM gatehouse_session LIMIT ${slice + 1}) AS some_sessions`,
    );
    return Number(row?.size ?? 0) > slice;
  }

  const byUser: Split<string> = {
    first: '',
    async endOf(userId, size) {
      const [row] = await prisma.$queryRaw<{ user_id: string }[]>(sql`
        SELECT user_id FROM gatehouse_session WHERE user_id > ${userId} ORDER BY user_id LIMIT 1 OFFSET ${size - 1}`);
      return row?.user_id;
    },
    within: (after, end) => (end === undefined ? sql`user_id > ${after}` : sql`user_id > ${after} AND user_id <= ${end}`),
  };

  const anonymous = sql`user_id IS NULL AND credential_epoch = 0`;
  const anonymousByExpiry = (nowMs: number): Split<Date> => ({
    first: new Date(nowMs),
    async endOf(time, size) {
      const [row] = await prisma.$queryRaw<{ expires_at: Date | string | number }[]>(sql`
        SELECT expires_at FROM gatehouse_session WHERE ${anonymous} AND expires_at > ${time}
        ORDER BY expires_at LIMIT 1 OFFSET ${size - 1}`);
      return row && new Date(row.expires_at);
    },
    within: (after, end) =>
      end ? sql`${anonymous} AND expires_at > ${after} AND expires_at <= ${end}` : sql`${anonymous} AND expires_at > ${after}`,
  });

  async function countWithin(within: Sql, nowMs: number): Promise<Counts> {
    const [row] = await prisma.$queryRaw<{ sessions: unknown; users: unknown }[]>(countLive(lifetimes, nowMs, within));
    return { sessions: Number(row?.sessions ?? 0), users: Number(row?.users ?? 0) };
  }

  async function countSlices<Position>({ first, endOf, within }: Split<Position>, nowMs: number): Promise<Counts> {
    let [sessions, users, size] = [0, 0, slice];
    for (let after: Position | undefined = first; after !== undefined;) {
      const begin: Position = after;
      try {
        const end = await endOf(begin, size);
        const counts = await countWithin(within(begin, end), nowMs);
        sessions += counts.sessions;
        users += counts.users;
        after = end;
        size = Math.min(slice, size * 2);
      } catch (error) {
        if (!isDatabaseUnavailable(error) || size <= MIN_SLICE) throw error;
        size = Math.max(MIN_SLICE, Math.floor(size / 4));
      }
    }
    return { sessions, users };
  }

  return async () => {
    const nowMs = now();
    if (!(await hasMoreRows())) return countWithin(sql`1 = 1`, nowMs);
    const parts = [
      await countSlices(byUser, nowMs),
      await countSlices(anonymousByExpiry(nowMs), nowMs),
      // Anonymous sessions have epoch 0, unless another program wrote them.
      await countWithin(sql`user_id IS NULL AND credential_epoch > 0`, nowMs),
    ];
    return parts.reduce((total, { sessions, users }) => ({ sessions: total.sessions + sessions, users: total.users + users }));
  };
}
