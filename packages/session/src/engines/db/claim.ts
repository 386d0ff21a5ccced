import type { Database } from '@gatehouse/prisma';
import { empty, sql } from '@gatehouse/prisma/sql';
import type { Engine, Lifetimes } from '../../engine-port.ts';
import { isStorableId } from '../storable-id.ts';
import { liveOrClaimedWhere } from './sql.ts';

interface ClaimRow {
  successor: string | null;
  claimed_at: Date | string | number | null;
}

/** Claims a session: a compare-and-set of the successor column. */
export const dbClaim =
  ({
    prisma,
    lifetimes,
    now,
  }: {
    readonly prisma: Database['prisma'];
    readonly lifetimes: Lifetimes;
    readonly now: () => number;
  }): Engine['claim'] =>
  async (handle, { successor, expectedVersion, expectedSuccessor }) => {
    if (![handle, successor, expectedSuccessor ?? ''].every(isStorableId)) return { status: 'gone' };
    const current = sql`handle = ${handle} AND ${liveOrClaimedWhere(lifetimes, now())}`;
    const before = expectedSuccessor === undefined ? sql`successor IS NULL` : sql`successor = ${expectedSuccessor}`;
    const unchanged = expectedVersion === undefined ? empty : sql` AND version = ${expectedVersion}`;
    const claimed = await prisma.$executeRaw(sql`
      UPDATE gatehouse_session SET successor = ${successor}, claimed_at = ${new Date(now())}
      WHERE ${before}${unchanged} AND ${current}`);
    if (claimed > 0) return { status: 'claimed' };
    const [row] = await prisma.$queryRaw<ClaimRow[]>(sql`SELECT successor, claimed_at FROM gatehouse_session WHERE ${current}`);
    if (!row) return { status: 'gone' };
    if (row.successor === null) return { status: 'conflict' };
    return { status: 'taken', successor: row.successor, claimedAtMs: new Date(row.claimed_at ?? 0).getTime() };
  };
