import './database-outages.ts';
import { empty, join, sql, type Sql } from '@gatehouse/prisma/sql';
import type { Engine, StoredSession, SessionRecord } from '../../engine-port.ts';
import type { EngineOptions } from '../../engine-options.ts';
import { isLive } from '../../policy.ts';
import { newHandle } from '../../session-id.ts';
import { isStorableId } from '../storable-id.ts';
import { assertFormat, isNewerFormat } from '../record-format.ts';
import { dbAdoptionMarks } from './adoption-marks.ts';
import { announcing } from './announcing.ts';
import { dbClaim } from './claim.ts';
import { dbCount } from './count-live.ts';
import { dbCounts } from './counts.ts';
import { dbCreate, type DbCreate } from './create.ts';
import { destroyChain, type SessionLink, type DestroyedOne } from './destroy-chain.ts';
import { dbLease } from './lease.ts';
import { dbLoad } from './load.ts';
import { dbChanges } from './notifications.ts';
import { dbPeek } from './peek.ts';
import { dbRemoval, MAX_BATCH } from './removal.ts';
import { expiredSessions, isUserActive, toRecord, toUser, type SessionRow } from './rows.ts';
import { liveWhere, SELECT_SESSION, setClient, setSecrets, setTimestamps } from './sql.ts';
import { dbUserSessions } from './user-sessions.ts';

/** The `db` engine, plus what an engine with copies of its rows needs: which rows will be deleted, and deleting one at a time. */
export interface DbEngine extends Engine {
  create: DbCreate;
  /** Handles of the sessions that `create` would end because of the limit per user. */
  surplusHandles(record: SessionRecord): Promise<string[]>;
  /** User and successor of a session, live or not; undefined if there is no row. */
  linkOf(handle: string): Promise<SessionLink | undefined>;
  /**
   * Deletes this row if it still has this successor. `destroy` is `destroyChain` with `linkOf` and this method; pass
   * another `destroyOne` to do more for each session that ends.
   */
  destroyOne(handle: string, successor: string | null): Promise<DestroyedOne>;
}

const BY_EXPIRY = sql`ORDER BY expires_at`;

/**
 * Sessions in the relational database, accessed with Prisma. Expired rows are never returned, purged or not.
 * @throws TypeError without a database
 */
export function openDbEngine(options: EngineOptions): DbEngine {
  const { database, lifetimes, now = Date.now, limitPerUser = 0, onCorrupt, onExpired } = options;
  if (!database)
    throw new TypeError(
      'The engines db and cached_db store sessions in a database: pass `database`, for example `await openDatabase(DATABASE_URL)`.',
    );
  const { prisma } = database;

  const live = (): Sql => liveWhere(lifetimes, now());
  const select = (rest: Sql): Promise<SessionRow[]> => prisma.$queryRaw<SessionRow[]>(sql`${SELECT_SESSION} ${rest}`);
  const selectByHandle = database.prepareSelect<SessionRow>(`${SELECT_SESSION.sql} WHERE gatehouse_session.handle = ?`);
  const removal = dbRemoval(database, live);
  const { remove, destroyOne, linkOf, removeBatch } = removal;
  const users = dbUserSessions({ database, lifetimes, now, removal, openAll });
  const changes = dbChanges(database);
  const { refuseUser, refuseEveryone, refusesAdoption } = dbAdoptionMarks(database, now);

  /**
   * Reads the session in a row; undefined if it cannot be read.
   * @throws NewerFormatError
   */
  async function open(row: SessionRow): Promise<StoredSession | undefined> {
    assertFormat(row.handle, row.record_format);
    return read(row);
  }

  async function read(row: SessionRow): Promise<StoredSession | undefined> {
    let damaged = !isNewerFormat(row.record_format);
    try {
      const record = toRecord(row);
      // An unknown role is not damage: a server of another version may serve the session.
      damaged = false;
      return { record, user: toUser(row) };
    } catch (error) {
      onCorrupt?.({ engine: 'db', handle: row.handle, error });
      if (damaged) await remove(sql`handle = ${row.handle}`);
      return undefined;
    }
  }

  async function openAll(rows: SessionRow[]): Promise<StoredSession[]> {
    // Sessions of a newer format too, as far as this version can read them: what lists show has the same meaning in every format.
    return (await Promise.all(rows.map(read))).filter((session) => session !== undefined);
  }

  async function find(handle: string): Promise<StoredSession | undefined> {
    if (!isStorableId(handle)) return undefined;
    const [row] = await select(sql`WHERE gatehouse_session.handle = ${handle} AND gatehouse_session.successor IS NULL`);
    const session = row && isUserActive(row) ? await open(row) : undefined;
    return session && isLive(session.record, lifetimes, now()) ? session : undefined;
  }

  const engine: DbEngine = {
    name: 'db',
    inDatabase: true,

    newHandle: () => Promise.resolve(newHandle()),

    create: dbCreate({ ...options, database }, users.endSurplus),

    surplusHandles: async (record) => (limitPerUser > 0 ? (await users.surplus(record, limitPerUser)).map(({ handle }) => handle) : []),

    load: dbLoad({ prisma, lifetimes, now, selectByHandle, open }),

    find,
    peek: dbPeek({ prisma, lifetimes, now }),

    async update(handle, { expectedVersion, timestamps, data, secrets, credentialEpoch, client }) {
      const changes = [
        sql`version = version + 1, created_at = ${new Date(timestamps.createdAtMs)}, ${setTimestamps(timestamps)}`,
        ...(data === undefined ? [] : [sql`data = ${JSON.stringify(data)}`]),
        ...(secrets ? [setSecrets(secrets)] : []),
        ...(client ? [setClient(client)] : []),
      ];
      // `live` requires that the row has the account's current epoch, and this that the given epoch is the same. So a
      // session that ended because the epoch was raised is not revived by the new epoch.
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
      if (!isStorableId(handle) || (ofUser !== undefined && !isStorableId(ofUser))) return false;
      const owned = ofUser === undefined ? empty : sql`AND user_id = ${ofUser}`;
      // Fast path: most sessions are live, and one statement ends them.
      if ((await remove(sql`handle = ${handle} AND ${live()} ${owned}`)) > 0) return true;
      return destroyChain(handle, { linkOf, destroyOne, ofUser });
    },

    listByUser: async (userId, page) => (isStorableId(userId) ? users.listByUser(userId, page) : { sessions: [], next: undefined }),

    async list({ limit, after = '' }) {
      const rows = await select(
        sql`WHERE gatehouse_session.handle > ${after} AND ${live()} ORDER BY gatehouse_session.handle LIMIT ${limit}`,
      );
      return { sessions: await openAll(rows), next: rows.length === limit ? rows.at(-1)?.handle : undefined };
    },

    async destroyByUser(userId, destroyOptions) {
      if (!isStorableId(userId)) return 0;
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

    count: dbCount({ prisma, lifetimes, now }),

    ...dbCounts(prisma, live, now),

    purgeExpired: (batch) =>
      removeBatch({
        where: () => sql`expires_at <= ${new Date(now())}`,
        limit: batch,
        order: BY_EXPIRY,
        onRemoved: async (rows, removed) => onExpired?.({ sessions: expiredSessions(rows), removed }),
      }),

    lease: dbLease(database, now),

    // Users are read from their table with every load. Sessions are created in a transaction that locks the account's
    // row, and accounts are changed in one that ends their sessions.
    userChanged: () => Promise.resolve(),
    beginUserChange: () => Promise.resolve(''),
    endUserChange: () => Promise.resolve(),

    // The caller closes the database.
    close: () => Promise.resolve(),
  };
  return changes ? announcing(engine, changes) : engine;
}
