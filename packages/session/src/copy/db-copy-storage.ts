import { inTransaction, isDatabaseUnavailable, isUniqueViolation, type Database, type Transaction } from '@gatehouse/prisma';
import { empty, join, raw, sql } from '@gatehouse/prisma/sql';
import type { Engine, Lifetimes } from '../engine-port.ts';
import { assertFormat } from '../engines/record-format.ts';
import { toColumns, toRecord, type SessionRow } from '../engines/db/rows.ts';
import { forShare, liveOrClaimedWhere, SELECT_SESSION } from '../engines/db/sql.ts';
import type { CopiedSession, CopyStorage, PlacedSession } from './copy-storage.ts';
import { dbCopyJournal } from './db-copy-journal.ts';

const PAGE = 1000;
/** Rows per transaction: within the limits of parameters of every database. Always the same number, so that the statement stays prepared. */
const CHUNK = 250;
const MIN_CHUNK = 20;

export interface DbCopyOptions {
  readonly engine: Engine;
  readonly database: Database;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
}

/** Copying to and from rows of the database, for the engines `db` and `cached_db`. Handles stay as they are. */
export function dbCopyStorage({ engine, database, lifetimes, now }: DbCopyOptions): CopyStorage {
  const { prisma, provider } = database;

  /** Stores the sessions whose user exists and whose handle is free. */
  async function createAll(sessions: readonly PlacedSession[]): Promise<string[]> {
    return inTransaction(prisma, async (tx) => {
      const userIds = [...new Set(sessions.flatMap(({ record }) => record.userId ?? []))];
      const [users, taken] = [await lockUsers(tx, userIds), await takenHandles(tx, sessions)];
      const isFree = ({ record: { handle, userId } }: PlacedSession): boolean =>
        !taken.has(handle) && (userId === null || users.has(userId));
      const free = sessions.filter(isFree);
      if (free.length > 0) await insert(tx, free);
      return sessions.filter((session) => !isFree(session)).map(({ target }) => target);
    });
  }

  /** A transaction has a time limit, so on a busy server fewer sessions are stored in each. */
  async function createSome(sessions: readonly PlacedSession[]): Promise<string[]> {
    try {
      return await createAll(sessions);
    } catch (error) {
      // Another process has stored one of them at the same time.
      if (isUniqueViolation(error)) return createAll(sessions);
      if (!isDatabaseUnavailable(error) || sessions.length <= MIN_CHUNK) throw error;
      const half = Math.ceil(sessions.length / 2);
      return [...(await createSome(sessions.slice(0, half))), ...(await createSome(sessions.slice(half)))];
    }
  }

  async function lockUsers(tx: Transaction, ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const rows = await tx.$queryRaw<{ user_id: string }[]>(
      sql`SELECT user_id FROM gatehouse_user WHERE user_id IN (${join([...ids])}) ORDER BY user_id ${forShare(provider)}`,
    );
    return new Set(rows.map(({ user_id: id }) => id));
  }

  return {
    engine,
    journal: dbCopyJournal(database, now),

    async assertReadable(handles) {
      if (handles?.length === 0) return;
      const among = handles ? sql`AND handle IN (${join([...handles])})` : empty;
      for (let after = ''; ;) {
        const rows = await prisma.$queryRaw<Pick<SessionRow, 'handle' | 'record_format'>[]>(
          sql`SELECT handle, record_format FROM gatehouse_session WHERE handle > ${after} ${among} ORDER BY handle LIMIT ${PAGE}`,
        );
        for (const { handle, record_format: format } of rows) assertFormat(handle, format);
        const last = rows.at(-1);
        if (!last || rows.length < PAGE) return;
        after = last.handle;
      }
    },

    async *claimed() {
      for (let after = ''; ;) {
        const rows = await prisma.$queryRaw<SessionRow[]>(sql`${SELECT_SESSION}
          WHERE gatehouse_session.handle > ${after} AND gatehouse_session.successor IS NOT NULL AND ${liveOrClaimedWhere(lifetimes, now())}
          ORDER BY gatehouse_session.handle LIMIT ${PAGE}`);
        yield rows.flatMap(copiedOf);
        const last = rows.at(-1);
        if (!last || rows.length < PAGE) return;
        after = last.handle;
      }
    },

    place: ({ record }) => Promise.resolve(record.handle),

    async read(handles) {
      if (handles.length === 0) return new Map();
      const rows = await prisma.$queryRaw<SessionRow[]>(sql`${SELECT_SESSION} WHERE gatehouse_session.handle IN (${join([...handles])})`);
      return new Map(rows.flatMap(copiedOf).map((session) => [session.record.handle, session]));
    },

    async create(sessions) {
      const refused: string[] = [];
      for (let from = 0; from < sessions.length; from += CHUNK) refused.push(...(await createSome(sessions.slice(from, from + CHUNK))));
      return new Set(refused);
    },

    async replace({ record, claim }, before) {
      const { handle: _, ...columns } = toColumns(record, claim);
      const { version, lastActivityAtMs, secretHash } = before.record;
      const { count } = await prisma.session.updateMany({
        where: {
          handle: record.handle,
          version,
          lastActivityAt: new Date(lastActivityAtMs),
          secretHash,
          successor: before.claim?.successor ?? null,
        },
        data: columns,
      });
      // `cached_db` may have a copy of the row.
      if (count > 0 && !claim) await engine.touch(record.handle, record);
      return count > 0;
    },

    link: () => Promise.resolve(),

    async remove(sessions) {
      const live = sessions.filter(({ isClaimed }) => !isClaimed).map(({ handle }) => handle);
      const rows = engine.inDatabase ? sessions : sessions.filter(({ isClaimed }) => isClaimed);
      // On `cached_db` the engine ends live sessions, because it has copies of them.
      if (!engine.inDatabase) for (const handle of live) await engine.destroy(handle);
      if (rows.length > 0)
        await prisma.$executeRaw(sql`DELETE FROM gatehouse_session WHERE handle IN (${join(rows.map(({ handle }) => handle))})`);
    },

    close: () => engine.close(),
  };
}

async function takenHandles(tx: Transaction, sessions: readonly PlacedSession[]): Promise<Set<string>> {
  const handles = sessions.map(({ record }) => record.handle);
  const rows = await tx.$queryRaw<{ handle: string }[]>(sql`SELECT handle FROM gatehouse_session WHERE handle IN (${join(handles)})`);
  return new Set(rows.map(({ handle }) => handle));
}

/** Not Prisma's createMany, which takes several times longer to prepare many rows than the database to store them. */
async function insert(tx: Transaction, sessions: readonly PlacedSession[]): Promise<void> {
  const rows = sessions.map(({ record, claim }) => {
    const columns = toColumns(record, claim);
    return sql`(${join(NAMES.map((name) => columns[name]))})`;
  });
  await tx.$executeRaw(sql`INSERT INTO gatehouse_session (${COLUMN_LIST}) VALUES ${join(rows)}`);
}

/** Every column by its name in Prisma. */
const COLUMNS: Readonly<Record<keyof ReturnType<typeof toColumns>, string>> = {
  handle: 'handle',
  secretHash: 'secret_hash',
  previousSecretHash: 'previous_secret_hash',
  rotatedAt: 'rotated_at',
  presentedAt: 'presented_at',
  successor: 'successor',
  claimedAt: 'claimed_at',
  userId: 'user_id',
  credentialEpoch: 'credential_epoch',
  data: 'data',
  version: 'version',
  recordFormat: 'record_format',
  createdAt: 'created_at',
  renewedAt: 'renewed_at',
  lastActivityAt: 'last_activity_at',
  expiresAt: 'expires_at',
  customAge: 'custom_age',
  fixedExpiry: 'fixed_expiry',
  ip: 'ip',
  userAgent: 'user_agent',
};
const NAMES = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
const COLUMN_LIST = raw(Object.values(COLUMNS).join(', '));

/** Nothing for a row that this version cannot read. */
function copiedOf(row: SessionRow): CopiedSession[] {
  try {
    const claim = row.successor === null ? undefined : { successor: row.successor, claimedAtMs: new Date(row.claimed_at ?? 0).getTime() };
    return [{ record: toRecord(row), claim }];
  } catch {
    return [];
  }
}
