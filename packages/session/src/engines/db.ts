import { isDatabaseUnavailable } from '@gatehouse/prisma';
import { sqltag as sql, type Sql } from '@prisma/client/runtime/client';
import type { Engine, LiveSession, LoadOutcome, SessionRecord } from '../engine-port.ts';
import { verdict, visited } from '../policy.ts';
import type { EngineOptions } from '../engine-options.ts';
import { dbAdoptionMarks } from './db-adoption-marks.ts';
import { dbCreate, type DbCreate } from './db-create.ts';
import { dbLease } from './db-lease.ts';
import { isPossibleName } from './possible-name.ts';
import { dbRemoval, MAX_BATCH } from './db-removal.ts';
import { expiredSessions, toRecord, toUser, userStands, type SessionRow } from './db-rows.ts';
import { countLive, isLive, SELECT_SESSION, setClocks } from './db-sql.ts';
import { dbUserSessions } from './db-user-sessions.ts';
import { withTimeout } from '../with-timeout.ts';

/** A session, and the one that has taken its place. */
const inPlaceOf = (key: string): Sql => sql`(session_key = ${key} OR replaced_key = ${key})`;

export interface DbEngine extends Engine {
  create: DbCreate;
  /** Keys of the sessions that `create` would end because their user has too many. */
  surplusKeys(record: SessionRecord): Promise<string[]>;
}

const BY_EXPIRY = sql`ORDER BY expires_at`;

/** A request that is to write as well has a time limit for all of it. */
const SLIDE_PATIENCE_MS = 400;

/** undefined where the database is full, read-only, locked or slow: the session is served as it was read, and slides another time. */
async function unlessLate(slide: Promise<number>): Promise<number | undefined> {
  const done = slide.catch((error: unknown) => {
    if (isDatabaseUnavailable(error)) return undefined;
    throw error;
  });
  return withTimeout(done, { ms: SLIDE_PATIENCE_MS, onTimeout: () => undefined });
}

/** Sessions in the relational database, through Prisma. Expired rows are never returned, purged or not. */
export function openDbEngine(options: EngineOptions): DbEngine {
  const { database, lifetimes, now = Date.now, limitPerUser = 0, onCorrupt, onExpired } = options;
  const { prisma } = database;

  const live = (): Sql => isLive(lifetimes, now());
  const select = (rest: Sql): Promise<SessionRow[]> => prisma.$queryRaw<SessionRow[]>(sql`${SELECT_SESSION} ${rest}`);
  const removal = dbRemoval(database, live);
  const { remove, end, removeBatch } = removal;
  const users = dbUserSessions({ database, lifetimes, now, removal, openAll });
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

  async function openAll(rows: SessionRow[]): Promise<LiveSession[]> {
    return (await Promise.all(rows.map(open))).filter((session) => session !== undefined);
  }

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

    create: dbCreate(options, live, users.endSurplus),

    surplusKeys: async (record) =>
      limitPerUser > 0 ? (await users.surplus(record, limitPerUser)).map(({ session_key }) => session_key) : [],

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

    listByUser: async (userId, page) => (isPossibleName(userId) ? users.listByUser(userId, page) : { sessions: [], next: undefined }),

    async list({ limit, after = '' }) {
      const rows = await select(
        sql`WHERE gatehouse_session.handle > ${after} AND ${live()} ORDER BY gatehouse_session.handle LIMIT ${limit}`,
      );
      return { sessions: await openAll(rows), next: rows.length === limit ? rows.at(-1)?.handle : undefined };
    },

    // A session is made in a transaction that holds the account's row, and the account is changed in one that ends its sessions.
    bar: () => Promise.resolve(),

    async destroyByUser(userId, options) {
      if (!isPossibleName(userId)) return 0;
      await refuseUser(userId);
      return users.destroyByUser(userId, options);
    },

    refusesAdoption,

    async destroyAll() {
      await refuseEveryone();
      let ended = 0;
      for (let batch = -1; batch !== 0; ended += batch) batch = await removeBatch({ where: live, limit: MAX_BATCH, order: BY_EXPIRY });
      while ((await removeBatch({ where: () => sql`1 = 1`, limit: MAX_BATCH })) > 0);
      return ended;
    },

    async count() {
      const [row] = await prisma.$queryRaw<{ sessions: unknown; users: unknown }[]>(countLive(lifetimes, now()));
      return { sessions: Number(row?.sessions ?? 0), users: Number(row?.users ?? 0) };
    },

    purgeExpired: (batch) =>
      removeBatch({
        where: () => sql`expires_at <= ${new Date(now())}`,
        limit: batch,
        order: BY_EXPIRY,
        onRemoved: async (rows, removed) => onExpired?.({ sessions: expiredSessions(rows), removed }),
      }),

    lease: dbLease(database, now),

    // Users are read from their own table with every load.
    userChanged: () => Promise.resolve(),

    // The database belongs to who opened it.
    close: () => Promise.resolve(),
  };
}
