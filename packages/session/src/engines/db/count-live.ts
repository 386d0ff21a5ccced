import type { Database } from '@gatehouse/prisma';
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

const SLICE = 10_000;

/**
 * Counts live sessions. A statement over a million rows may take longer than the database server allows, and blocks the event loop on
 * SQLite. So larger tables are counted in slices, each a range of the index that the count reads. Every user is within one slice.
 */
export function dbCount({ prisma, lifetimes, now, slice = SLICE }: CountOptions): Engine['count'] {
  async function hasMoreRows(): Promise<boolean> {
    const [row] = await prisma.$queryRaw<{ size: unknown }[]>(
      sql`SELECT COUNT(*) AS size FROM (SELECT 1 FROM gatehouse_session LIMIT ${slice + 1}) AS some_sessions`,
    );
    return Number(row?.size ?? 0) > slice;
  }

  /** The user at the end of the slice that begins after this one; undefined for the last slice. */
  async function userAfter(userId: string): Promise<string | undefined> {
    const [row] = await prisma.$queryRaw<{ user_id: string }[]>(sql`
      SELECT user_id FROM gatehouse_session WHERE user_id > ${userId} ORDER BY user_id LIMIT 1 OFFSET ${slice - 1}`);
    return row?.user_id;
  }

  /** The same for anonymous sessions, by expiry. */
  async function expiryAfter(time: Date): Promise<Date | undefined> {
    const [row] = await prisma.$queryRaw<{ expires_at: Date | string | number }[]>(sql`
      SELECT expires_at FROM gatehouse_session WHERE user_id IS NULL AND credential_epoch = 0 AND expires_at > ${time}
      ORDER BY expires_at LIMIT 1 OFFSET ${slice - 1}`);
    return row && new Date(row.expires_at);
  }

  /** Conditions that split all live sessions. */
  async function* slices(nowMs: number): AsyncGenerator<Sql> {
    for (let [after, end]: [string, string | undefined] = ['', '']; end !== undefined; after = end ?? '') {
      // oxlint-disable-next-line no-await-in-loop -- each slice begins where the one before ends
      end = await userAfter(after);
      yield end === undefined ? sql`user_id > ${after}` : sql`user_id > ${after} AND user_id <= ${end}`;
    }
    const anonymous = sql`user_id IS NULL AND credential_epoch = 0`;
    for (let [after, end]: [Date, Date | undefined] = [new Date(nowMs), new Date(nowMs)]; end; after = end ?? after) {
      // oxlint-disable-next-line no-await-in-loop
      end = await expiryAfter(after);
      yield end ? sql`${anonymous} AND expires_at > ${after} AND expires_at <= ${end}` : sql`${anonymous} AND expires_at > ${after}`;
    }
    // Anonymous sessions have epoch 0, unless another program wrote them.
    yield sql`user_id IS NULL AND credential_epoch > 0`;
  }

  async function countWithin(within: Sql, nowMs: number): Promise<{ sessions: number; users: number }> {
    const [row] = await prisma.$queryRaw<{ sessions: unknown; users: unknown }[]>(countLive(lifetimes, nowMs, within));
    return { sessions: Number(row?.sessions ?? 0), users: Number(row?.users ?? 0) };
  }

  return async () => {
    const nowMs = now();
    if (!(await hasMoreRows())) return countWithin(sql`1 = 1`, nowMs);
    const total = { sessions: 0, users: 0 };
    for await (const within of slices(nowMs)) {
      const { sessions, users } = await countWithin(within, nowMs);
      total.sessions += sessions;
      total.users += users;
    }
    return total;
  };
}
