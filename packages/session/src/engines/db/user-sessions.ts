import { deleteSome, inTransaction, type Database, type Transaction } from '@gatehouse/prisma';
import { join, sql, type Sql } from '@gatehouse/prisma/sql';
import type { Engine, Lifetimes, PageRequest, SessionPage, SessionRecord } from '../../engine-port.ts';
import { LIST_BEGIN, listCursor, requireListPosition } from '../../list-cursor.ts';
import type { StoredSession } from '../../session-record.ts';
import type { DbRemoval } from './removal.ts';
import type { SessionRow } from './rows.ts';
import { afterWhere, unexpiredWhere, liveWhereOf, SELECT_SESSION } from './sql.ts';

/** If a user has more sessions, they are ended through the credential epoch, and their rows are removed afterwards. */
const MAX_AT_ONCE = 1000;

/**
 * Rows per statement, and the time that a call spends on removing rows of ended sessions. The purge removes the rest
 * once their stored expiry has passed.
 */
const REMOVAL = { batch: 1000, budgetMs: 600 };

export const FIRST_PAGE: PageRequest = { limit: 100 };

export interface DbUserSessionsParts {
  readonly database: Database;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  readonly removal: DbRemoval;
  readonly openAll: (rows: SessionRow[]) => Promise<StoredSession[]>;
}

/** Lists, limits and ends the sessions of one user. */
export function dbUserSessions({ database, lifetimes, now, removal, openAll }: DbUserSessionsParts) {
  const { prisma } = database;

  const liveOf = (userId: string): Sql => liveWhereOf(userId, lifetimes, now());

  async function count(tx: Pick<Transaction, '$queryRaw'>, where: Sql): Promise<number> {
    const [row] = await tx.$queryRaw<{ sessions: unknown }[]>(sql`SELECT COUNT(*) AS sessions FROM gatehouse_session WHERE ${where}`);
    return Number(row?.sessions ?? 0);
  }

  /**
   * The sessions that exceed the limit once this one is added, least recently used first. At most a thousand: if the
   * limit was lowered, each sign-in ends that many.
   */
  async function surplus(tx: Pick<Transaction, '$queryRaw'>, { handle, userId }: SessionRecord, limit: number): Promise<EndedRow[]> {
    if (userId === null) return [];
    const others = sql`${liveOf(userId)} AND gatehouse_session.handle <> ${handle}`;
    const over = (await count(tx, others)) + 1 - limit;
    if (over <= 0) return [];
    return tx.$queryRaw<EndedRow[]>(sql`
      SELECT handle FROM gatehouse_session WHERE ${others} ${afterWhere(LIST_BEGIN)}
      ORDER BY last_activity_at, handle LIMIT ${Math.min(over, MAX_AT_ONCE)}`);
  }

  /** Raises the epoch of the user and of the session to keep, which ends all others. Returns how many were live. */
  const endByEpoch = (userId: string, exceptHandle: string | undefined): Promise<number> =>
    inTransaction(prisma, async (tx) => {
      // Lock the row first, so that a sign-in happens before or after this.
      const isActive = await tx.$executeRaw(
        sql`UPDATE gatehouse_user SET credential_epoch = credential_epoch + 1 WHERE user_id = ${userId} AND status = 'active'`,
      );
      const [user] = await tx.$queryRaw<{ epoch: number | bigint }[]>(
        sql`SELECT credential_epoch AS epoch FROM gatehouse_user WHERE user_id = ${userId}`,
      );
      if (isActive === 0 || !user) return 0;
      const before = Number(user.epoch) - 1;
      if (exceptHandle !== undefined)
        await tx.$executeRaw(sql`
          UPDATE gatehouse_session SET credential_epoch = ${before + 1}
          WHERE handle = ${exceptHandle} AND user_id = ${userId} AND credential_epoch = ${before}`);
      return count(
        tx,
        sql`user_id = ${userId} AND credential_epoch = ${before} AND successor IS NULL AND ${unexpiredWhere(lifetimes, now())}`,
      );
    });

  async function removeDead(userId: string): Promise<void> {
    const begun = performance.now();
    const where = sql`user_id = ${userId} AND credential_epoch < (
      SELECT gatehouse_user.credential_epoch FROM gatehouse_user WHERE gatehouse_user.user_id = ${userId})`;
    const rows = { table: sql`gatehouse_session`, key: sql`handle`, where, limit: REMOVAL.batch };
    let removed = 1;
    // The sessions have ended already, so errors are ignored.
    while (removed > 0 && performance.now() - begun < REMOVAL.budgetMs) removed = await deleteSome(database, rows).catch(() => 0);
  }

  return {
    async listByUser(userId: string, { limit, after }: PageRequest = FIRST_PAGE): Promise<SessionPage> {
      const rows = await prisma.$queryRaw<SessionRow[]>(sql`
        ${SELECT_SESSION} WHERE ${liveOf(userId)} ${afterWhere(after === undefined ? LIST_BEGIN : requireListPosition(after))}
        ORDER BY gatehouse_session.last_activity_at DESC, gatehouse_session.handle DESC LIMIT ${limit}`);
      return { sessions: await openAll(rows), next: rows.length === limit ? cursorOf(rows) : undefined };
    },

    surplus: (record: SessionRecord, limit: number): Promise<EndedRow[]> => surplus(prisma, record, limit),

    /** Call it in the transaction that has locked the user's row, after the new session was stored. */
    async endSurplus(tx: Transaction, record: SessionRecord, limit: number): Promise<EndedRow[]> {
      const rows = await surplus(tx, record, limit);
      if (rows.length > 0)
        await tx.$executeRaw(sql`DELETE FROM gatehouse_session WHERE handle IN (${join(rows.map(({ handle }) => handle))})`);
      return rows;
    },

    // The transaction that changes the account handles `exceptEpoch`.
    destroyByUser: (async (userId, { exceptHandle, epochRises = false } = {}) => {
      const others = exceptHandle === undefined ? sql`user_id = ${userId}` : sql`user_id = ${userId} AND handle <> ${exceptHandle}`;
      const [found] = await prisma.$queryRaw<{ found: unknown }[]>(
        sql`SELECT COUNT(*) AS found FROM (SELECT 1 FROM gatehouse_session WHERE ${others} LIMIT ${MAX_AT_ONCE + 1}) AS few`,
      );
      if (Number(found?.found ?? 0) <= MAX_AT_ONCE) return removal.end(others);
      if (epochRises) return 0;
      const liveOthers = sql`${liveOf(userId)} AND handle <> ${exceptHandle ?? ''}`;
      // The others are rows that an earlier end left.
      const isFew = (await count(prisma, liveOthers)) <= MAX_AT_ONCE;
      const ended = isFew ? await removal.remove(liveOthers) : await endByEpoch(userId, exceptHandle);
      await removeDead(userId);
      return ended;
    }) satisfies Engine['destroyByUser'],
  };
}

/** An ended session, for the audit trail and the cache. */
export type EndedRow = Pick<SessionRow, 'handle'>;

/** Position of the last row with a valid time. Damaged rows are removed when they are read. */
function cursorOf(rows: readonly SessionRow[]): string | undefined {
  const last = rows.findLast((row) => !Number.isNaN(new Date(row.last_activity_at).getTime()));
  return last && listCursor({ lastActivityAtMs: new Date(last.last_activity_at).getTime(), handle: last.handle });
}
