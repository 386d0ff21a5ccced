import './database-outages.ts';
import { empty, join, sql, type Sql } from '@gatehouse/prisma/sql';
import type { Engine, LiveSession, SessionRecord } from '../../engine-port.ts';
import type { EngineOptions } from '../../engine-options.ts';
import { verdict } from '../../policy.ts';
import { newHandle } from '../../session-id.ts';
import { isPossibleName } from '../possible-name.ts';
import { dbAdoptionMarks } from './adoption-marks.ts';
import { dbClaim } from './claim.ts';
import { dbCreate, type DbCreate } from './create.ts';
import { destroyChain, type SessionLink, type DestroyedOne } from './destroy-chain.ts';
import { dbLease } from './lease.ts';
import { dbLoad } from './load.ts';
import { dbRemoval, MAX_BATCH } from './removal.ts';
import { expiredSessions, isUserActive, toRecord, toUser, type SessionRow } from './rows.ts';
import { countLive, isLive, SELECT_SESSION, setClient, setSecrets, setTimestamps } from './sql.ts';
import { dbUserSessions } from './user-sessions.ts';

/** The `db` engine with what an engine that keeps copies of its rows needs besides: which rows go, and one row at a time. */
export interface DbEngine extends Engine {
  create: DbCreate;
  /** Handles of the sessions that `create` would end because their user has too many. */
  surplusHandles(record: SessionRecord): Promise<string[]>;
  /** Whose session it is and which has claimed it, whether live or not; undefined: there is no row. */
  linkOf(handle: string): Promise<SessionLink | undefined>;
  /**
   * Deletes this one row, if it still has this successor. `destroyChain` with `linkOf` and this is `destroy`:
   * give it a `destroyOne` of your own to do more for each session that ends.
   */
  destroyOne(handle: string, successor: string | null): Promise<DestroyedOne>;
}

const BY_EXPIRY = sql`ORDER BY expires_at`;

/**
 * Sessions in the relational database, through Prisma. Expired rows are never returned, purged or not.
 * @throws TypeError without a database
 */
export function openDbEngine(options: EngineOptions): DbEngine {
  const { database, lifetimes, now = Date.now, limitPerUser = 0, onCorrupt, onExpired } = options;
  if (!database)
    throw new TypeError('The engines db and cached_db keep sessions in a database: give `database`, as `openDatabase(DATABASE_URL)` does.');
  const { prisma } = database;

  const live = (): Sql => isLive(lifetimes, now());
  const select = (rest: Sql): Promise<SessionRow[]> => prisma.$queryRaw<SessionRow[]>(sql`${SELECT_SESSION} ${rest}`);
  const removal = dbRemoval(database, live);
  const { remove, destroyOne, linkOf, removeBatch } = removal;
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
      if (damaged) await remove(sql`handle = ${row.handle}`);
      return undefined;
    }
  }

  async function openAll(rows: SessionRow[]): Promise<LiveSession[]> {
    return (await Promise.all(rows.map(open))).filter((session) => session !== undefined);
  }

  async function find(handle: string): Promise<LiveSession | undefined> {
    if (!isPossibleName(handle)) return undefined;
    const [row] = await select(sql`WHERE gatehouse_session.handle = ${handle} AND gatehouse_session.successor IS NULL`);
    const session = row && isUserActive(row) ? await open(row) : undefined;
    return session && verdict(session.record, lifetimes, now()) === 'live' ? session : undefined;
  }

  return {
    name: 'db',
    inDatabase: true,

    newHandle: () => Promise.resolve(newHandle()),

    create: dbCreate({ ...options, database }, users.endSurplus),

    surplusHandles: async (record) => (limitPerUser > 0 ? (await users.surplus(record, limitPerUser)).map(({ handle }) => handle) : []),

    load: dbLoad({ prisma, lifetimes, now, select, open }),

    find,

    async update(handle, { expectedVersion, timestamps, data, secrets, credentialEpoch, client }) {
      const changes = [
        sql`version = version + 1, created_at = ${new Date(timestamps.createdAtMs)}, ${setTimestamps(timestamps)}`,
        ...(data === undefined ? [] : [sql`data = ${JSON.stringify(data)}`]),
        ...(secrets ? [setSecrets(secrets)] : []),
        ...(client ? [setClient(client)] : []),
      ];
      // `live` asks that the row's epoch is the account's now, so this asks the same of the one that was given: a session that a rise of
      // the epoch has ended does not come back with a new epoch.
      const proven = credentialEpoch === undefined ? empty : sql`AND user_id IS NOT NULL AND credential_epoch = ${credentialEpoch}`;
      const updated = await prisma.$executeRaw(sql`
        UPDATE gatehouse_session SET ${join(changes)}
        WHERE handle = ${handle} AND version = ${expectedVersion} AND ${live()} ${proven}`);
      if (updated > 0) return { status: 'updated' };
      const stored = (await find(handle))?.record;
      const isLiveStill =
        stored !== undefined && (credentialEpoch === undefined || (stored.userId !== null && stored.credentialEpoch === credentialEpoch));
      return { status: isLiveStill ? 'conflict' : 'gone' };
    },

    async touch(handle, timestamps, client) {
      const seen = client ? sql`, ${setClient(client)}` : empty;
      const touched = await prisma.$executeRaw(
        sql`UPDATE gatehouse_session SET ${setTimestamps(timestamps)}${seen} WHERE handle = ${handle} AND ${live()}`,
      );
      return touched > 0;
    },

    claim: dbClaim({ prisma, lifetimes, now }),

    linkOf,
    destroyOne,

    async destroy(handle, { ofUser } = {}) {
      if (!isPossibleName(handle) || (ofUser !== undefined && !isPossibleName(ofUser))) return false;
      const owned = ofUser === undefined ? empty : sql`AND user_id = ${ofUser}`;
      // Most are live, and one statement ends them.
      if ((await remove(sql`handle = ${handle} AND ${live()} ${owned}`)) > 0) return true;
      return destroyChain(handle, { linkOf, destroyOne, ofUser });
    },

    listByUser: async (userId, page) => (isPossibleName(userId) ? users.listByUser(userId, page) : { sessions: [], next: undefined }),

    async list({ limit, after = '' }) {
      const rows = await select(
        sql`WHERE gatehouse_session.handle > ${after} AND ${live()} ORDER BY gatehouse_session.handle LIMIT ${limit}`,
      );
      return { sessions: await openAll(rows), next: rows.length === limit ? rows.at(-1)?.handle : undefined };
    },

    async destroyByUser(userId, destroyOptions) {
      if (!isPossibleName(userId)) return 0;
      await refuseUser(userId);
      return users.destroyByUser(userId, destroyOptions);
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

    // Users are read from their own table with every load. A session is made in a transaction that holds the account's row, and the
    // account is changed in one that ends its sessions.
    userChanged: () => Promise.resolve(),
    beginUserChange: () => Promise.resolve(''),
    endUserChange: () => Promise.resolve(),

    // The database belongs to who opened it.
    close: () => Promise.resolve(),
  };
}
