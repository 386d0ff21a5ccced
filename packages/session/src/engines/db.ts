import { inTransaction, isConflict, isDatabaseUnavailable, isUniqueViolation, type Transaction } from '@gatehouse/prisma';
import { join, sqltag as sql, type Sql } from '@prisma/client/runtime/client';
import type { CreateOptions, Engine, LiveSession, LoadOutcome, SessionRecord } from '../engine-port.ts';
import { verdict, visited } from '../policy.ts';
import type { EngineOptions } from '../registry.ts';
import { dbAdoptionMarks } from './db-adoption-marks.ts';
import { dbLease } from './db-lease.ts';
import { isPossibleName } from './possible-name.ts';
import { dbRemoval, MAX_BATCH } from './db-removal.ts';
import { expiredSessions, toColumns, toRecord, toUser, userStands, type SessionKey, type SessionRow } from './db-rows.ts';
import { countLive, isLive, SELECT_SESSION, setClocks, shareRow } from './db-sql.ts';

/** A session, and the one that has taken its place. */
const inPlaceOf = (key: string): Sql => sql`(session_key = ${key} OR replaced_key = ${key})`;

export interface DbEngine extends Engine {
  /** `onReplaced`: told what had taken the place of `replaces` already and goes with it, perhaps more than once. */
  create(record: SessionRecord, options?: CreateOptions & { onReplaced?: (key: string) => void }): Promise<boolean>;
}

/** A request that is to write as well has a time limit for all of it. */
const SLIDE_PATIENCE_MS = 400;

/** undefined where the database is full, read-only, locked or slow: the session is served as it was read, and slides another time. */
async function unlessLate(slide: Promise<number>): Promise<number | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), SLIDE_PATIENCE_MS)));
  const done = slide.catch((error: unknown) => {
    if (isDatabaseUnavailable(error)) return undefined;
    throw error;
  });
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
    // Whatever becomes of it later, nobody waits for it.
    done.catch(() => undefined);
  }
}

/** Sessions in the relational database, through Prisma. Expired rows are never returned, purged or not. */
export function openDbEngine({ database, lifetimes, now = Date.now, onCorrupt, onExpired }: EngineOptions): DbEngine {
  const { prisma } = database;

  const live = (): Sql => isLive(lifetimes, now());
  const select = (rest: Sql): Promise<SessionRow[]> => prisma.$queryRaw<SessionRow[]>(sql`${SELECT_SESSION} ${rest}`);
  const { remove, end, removeBatch } = dbRemoval(database, live);
  const { refuseUser, refuseEveryone, refusesAdoption } = dbAdoptionMarks(database, now);

  /** The session in a row, or undefined if it cannot be read. */
  async function open(row: SessionRow): Promise<LiveSession | undefined> {
    let damaged = true;
    try {
      const record = toRecord(row);
      // A role that this version does not know is no fault of the session: another version's server may serve it.
      damaged = false;
      return { record, user: toUser(row) };
    } catch (error) {
      onCorrupt?.({ engine: 'db', handle: row.handle, error });
      if (damaged) await remove(sql`session_key = ${row.session_key}`);
      return undefined;
    }
  }

  const openAll = async (rows: SessionRow[]): Promise<LiveSession[]> =>
    (await Promise.all(rows.map(open))).filter((session) => session !== undefined);

  /** One row with its user, in one query. */
  async function read(where: Sql): Promise<LoadOutcome> {
    const [row] = await select(sql`WHERE ${where}`);
    const session = row && userStands(row) ? await open(row) : undefined;
    if (!session) return { status: 'absent' };
    return verdict(session.record, lifetimes, now()) === 'live' ? { status: 'live', ...session, slid: false } : { status: 'expired' };
  }

  return {
    name: 'db',
    inDatabase: true,

    async create(record, { replaces, onlyIfLive = false, onReplaced } = {}) {
      const row = { data: toColumns(record, replaces) };
      if (record.userId === null && replaces === undefined) {
        await prisma.session.createMany(row);
        return true;
      }
      const store = async (tx: Transaction): Promise<boolean> => {
        if (record.userId !== null) {
          // Holds the user's row: a password change or suspension comes before or after this sign-in, never between
          // its check and its row. Shared, so that sign-ins of one account do not stand in a line for it, each with a
          // connection in its hand.
          const standing = await tx.$queryRaw<unknown[]>(sql`
            SELECT user_id FROM gatehouse_user
            WHERE user_id = ${record.userId} AND credential_epoch = ${record.credentialEpoch} AND status = 'active' ${shareRow(database.provider)}`);
          if (standing.length === 0) return false;
        }
        if (replaces !== undefined) {
          // By their own names: one that was made this moment is not ended untold. It is in the way, and the next try finds it.
          const successors = await tx.$queryRaw<SessionKey[]>(
            sql`SELECT session_key FROM gatehouse_session WHERE replaced_key = ${replaces}`,
          );
          for (const { session_key } of successors) onReplaced?.(session_key);
          const old = sql`session_key IN (${join([replaces, ...successors.map(({ session_key }) => session_key)])})`;
          const ended = await tx.$executeRaw(sql`DELETE FROM gatehouse_session WHERE ${old} AND ${live()}`);
          if (onlyIfLive && ended === 0) return false;
          await tx.$executeRaw(sql`DELETE FROM gatehouse_session WHERE ${old}`);
        }
        await tx.session.createMany(row);
        return true;
      };
      // Another sign-in over the same session was faster, and this one does not see it yet: again, it does.
      const repeatOn = (error: unknown): boolean => isConflict(error) || (replaces !== undefined && isUniqueViolation(error));
      return inTransaction(prisma, store, { repeatOn });
    },

    async load(key, visit) {
      if (!isPossibleName(key)) return { status: 'absent' };
      const outcome = await read(sql`session_key = ${key}`);
      if (outcome.status !== 'live' || !visit) return outcome;
      const { record } = outcome;
      const clocks = visited(record, lifetimes, now());
      if (!clocks) return outcome;
      // Only over what was read: a request beside this one may have set another expiry, or written activity itself.
      const slide = prisma.$executeRaw(sql`
        UPDATE gatehouse_session SET ${setClocks(clocks)}, ip = ${visit.ip}, user_agent = ${visit.userAgent}
        WHERE session_key = ${key} AND version = ${record.version} AND last_activity_at = ${new Date(record.lastActivityAtMs)} AND ${live()}`);
      const slid = await unlessLate(slide);
      if (slid === undefined) return outcome;
      // Someone was faster, or ended it: what is stored now is the answer.
      if (slid === 0) return read(sql`session_key = ${key}`);
      return { ...outcome, record: { ...record, ...clocks, ip: visit.ip, userAgent: visit.userAgent }, slid: true };
    },

    async update(key, { expectedVersion, data, clocks }) {
      const updated = await prisma.$executeRaw(sql`
        UPDATE gatehouse_session SET data = ${JSON.stringify(data)}, version = version + 1, ${setClocks(clocks)}
        WHERE session_key = ${key} AND version = ${expectedVersion} AND ${live()}`);
      if (updated > 0) return { status: 'updated' };
      return (await read(sql`session_key = ${key}`)).status === 'live' ? { status: 'conflict' } : { status: 'gone' };
    },

    async touch(key, clocks, visit) {
      const seen = visit ? sql`, ip = ${visit.ip}, user_agent = ${visit.userAgent}` : sql``;
      return (
        (await prisma.$executeRaw(sql`UPDATE gatehouse_session SET ${setClocks(clocks)}${seen} WHERE session_key = ${key} AND ${live()}`)) >
        0
      );
    },

    destroy: async (key) => isPossibleName(key) && (await end(inPlaceOf(key))) > 0,

    async isReplaced(key) {
      const rows = await prisma.$queryRaw<unknown[]>(sql`SELECT 1 FROM gatehouse_session WHERE replaced_key = ${key} AND ${live()}`);
      return rows.length > 0;
    },

    async findByHandle(handle) {
      if (!isPossibleName(handle)) return undefined;
      const outcome = await read(sql`handle = ${handle}`);
      return outcome.status === 'live' ? { record: outcome.record, user: outcome.user } : undefined;
    },

    async listByUser(userId) {
      if (!isPossibleName(userId)) return [];
      return openAll(
        await select(sql`WHERE gatehouse_session.user_id = ${userId} AND ${live()} ORDER BY gatehouse_session.last_activity_at DESC`),
      );
    },

    async list({ limit, after = '' }) {
      const rows = await select(
        sql`WHERE gatehouse_session.handle > ${after} AND ${live()} ORDER BY gatehouse_session.handle LIMIT ${limit}`,
      );
      return { sessions: await openAll(rows), next: rows.length === limit ? rows.at(-1)?.handle : undefined };
    },

    // A session is made in a transaction that holds the account's row, and the account is changed in one that ends its sessions.
    bar: () => Promise.resolve(),

    async destroyByUser(userId, { exceptKey } = {}) {
      if (!isPossibleName(userId)) return 0;
      await refuseUser(userId);
      return end(exceptKey === undefined ? sql`user_id = ${userId}` : sql`user_id = ${userId} AND session_key <> ${exceptKey}`);
    },

    refusesAdoption,

    async destroyAll() {
      await refuseEveryone();
      let ended = 0;
      for (let batch = -1; batch !== 0; ended += batch) batch = await removeBatch(live, MAX_BATCH);
      while ((await removeBatch(() => sql`1 = 1`, MAX_BATCH)) > 0);
      return ended;
    },

    async count() {
      const [row] = await prisma.$queryRaw<{ sessions: unknown; users: unknown }[]>(countLive(lifetimes, now()));
      return { sessions: Number(row?.sessions ?? 0), users: Number(row?.users ?? 0) };
    },

    purgeExpired: (batch) =>
      removeBatch(
        () => sql`expires_at <= ${new Date(now())}`,
        batch,
        async (rows) => onExpired?.(expiredSessions(rows)),
      ),

    lease: dbLease(database, now),

    // Users are read from their own table with every load.
    userChanged: () => Promise.resolve(),

    // The database belongs to who opened it.
    close: () => Promise.resolve(),
  };
}
