import type { Database } from '@gatehouse/prisma';
import type { Engine, LiveSession, LoadOutcome, SessionRecord } from '../engine-port.ts';
import { verdict, visited } from '../policy.ts';
import type { EngineOptions } from '../registry.ts';
import { clockColumns, liveWhere, toLiveSession, toRow, userStands, type RowWithUser, type SessionRow } from './db-rows.ts';

type Prisma = Database['prisma'];

/** Sessions in the relational database, through Prisma. Expired rows are never returned, purged or not. */
export function openDbEngine({ database, lifetimes, now = Date.now, onCorrupt }: EngineOptions): Engine {
  const { prisma } = database;

  /** One row with its user, in one query. */
  async function read(column: 'session_key' | 'handle', value: string): Promise<LoadOutcome> {
    const [row] = await (column === 'session_key' ? rowByKey(prisma, value) : rowByHandle(prisma, value));
    if (!row || !userStands(row)) return { status: 'absent' };
    let session: LiveSession;
    try {
      session = toLiveSession(row);
    } catch (error) {
      onCorrupt?.({ engine: 'db', handle: row.handle, error });
      await prisma.session.deleteMany({ where: { key: row.session_key } });
      return { status: 'absent' };
    }
    return verdict(session.record, lifetimes, now()) === 'live' ? { status: 'live', ...session, slid: false } : { status: 'expired' };
  }

  async function touch(key: string, columns: object): Promise<boolean> {
    const { count } = await prisma.session.updateMany({ where: { key, expiresAt: { gt: new Date(now()) } }, data: columns });
    return count > 0;
  }

  /** Rows that cannot be read, or whose user does not stand, are left out. */
  const readable = (rows: RowWithUser[]): LiveSession[] =>
    rows.flatMap((model) => {
      const row = toRow(model);
      if (!userStands(row)) return [];
      try {
        return [toLiveSession(row)];
      } catch (error) {
        onCorrupt?.({ engine: 'db', handle: row.handle, error });
        return [];
      }
    });

  return {
    name: 'db',

    create: (record, { replaces } = {}) =>
      prisma.$transaction(async (tx) => {
        if (record.userId !== null) {
          // Writes nothing new, but holds the user's row: a password change or suspension comes before or after
          // this sign-in, never between its check and its row. And a write first takes SQLite's lock at once.
          const standing = await tx.$executeRaw`
            UPDATE gatehouse_user SET credential_epoch = credential_epoch
            WHERE user_id = ${record.userId} AND credential_epoch = ${record.credentialEpoch} AND status = 'active'`;
          if (standing === 0) return false;
        }
        if (replaces !== undefined) await tx.session.deleteMany({ where: { OR: [{ key: replaces }, { replacedKey: replaces }] } });
        await tx.session.create({ data: toColumns(record, replaces) });
        return true;
      }),

    async load(key, visit) {
      const outcome = await read('session_key', key);
      if (outcome.status !== 'live' || !visit) return outcome;
      const clocks = visited(outcome.record, lifetimes, now());
      if (!clocks) return outcome;
      // Ended between the two statements: then it is not live, and nothing was written.
      if (!(await touch(key, { ...clockColumns(clocks), ip: visit.ip, userAgent: visit.userAgent }))) return { status: 'absent' };
      return { ...outcome, record: { ...outcome.record, ...clocks, ...visit }, slid: true };
    },

    async update(key, { expectedVersion, data, clocks }) {
      const { count } = await prisma.session.updateMany({
        where: { key, version: expectedVersion, expiresAt: { gt: new Date(now()) } },
        data: { data: JSON.stringify(data), version: { increment: 1 }, ...clockColumns(clocks) },
      });
      if (count > 0) return { status: 'updated' };
      return (await read('session_key', key)).status === 'live' ? { status: 'conflict' } : { status: 'gone' };
    },

    touch: (key, clocks, visit) => touch(key, { ...clockColumns(clocks), ...visit }),

    destroy: async (key) => (await prisma.session.deleteMany({ where: { key } })).count > 0,

    async findByHandle(handle) {
      const outcome = await read('handle', handle);
      return outcome.status === 'live' ? { record: outcome.record, user: outcome.user } : undefined;
    },

    async listByUser(userId) {
      const where = { userId, ...liveWhere(lifetimes, now()) };
      return readable(await prisma.session.findMany({ where, orderBy: { lastActivityAt: 'desc' }, include: { user: true } }));
    },

    async list({ limit, after }) {
      const where = { ...(after !== undefined && { handle: { gt: after } }), ...liveWhere(lifetimes, now()) };
      const rows = await prisma.session.findMany({ where, orderBy: { handle: 'asc' }, take: limit, include: { user: true } });
      return { sessions: readable(rows), next: rows.length === limit ? rows.at(-1)?.handle : undefined };
    },

    destroyByUser: async (userId, { exceptKey } = {}) =>
      (await prisma.session.deleteMany({ where: { userId, ...(exceptKey !== undefined && { key: { not: exceptKey } }) } })).count,

    destroyAll: async () => (await prisma.session.deleteMany({})).count,

    async count() {
      const where = liveWhere(lifetimes, now());
      const [sessions, users] = await Promise.all([
        prisma.session.count({ where }),
        prisma.user.count({ where: { status: 'active', sessions: { some: where } } }),
      ]);
      return { sessions, users };
    },

    async purgeExpired(batch) {
      const expired = { expiresAt: { lte: new Date(now()) } };
      const rows = await prisma.session.findMany({ where: expired, select: { key: true }, take: batch });
      if (rows.length === 0) return 0;
      // Judged again by the delete itself: a session renewed in between stays.
      return (await prisma.session.deleteMany({ where: { key: { in: rows.map((row) => row.key) }, ...expired } })).count;
    },

    // Users are read from their own table with every load.
    userChanged: () => Promise.resolve(),

    // The database belongs to who opened it.
    close: () => Promise.resolve(),
  };
}

const toColumns = (record: SessionRecord, replaces: string | undefined) => ({
  key: record.key,
  handle: record.handle,
  userId: record.userId,
  credentialEpoch: record.credentialEpoch,
  data: JSON.stringify(record.data),
  version: record.version,
  createdAt: new Date(record.createdAtMs),
  ...clockColumns(record),
  ip: record.ip,
  userAgent: record.userAgent,
  replacedKey: replaces ?? null,
});

// A join by hand: Prisma would read the user with a second query. https://www.prisma.io/docs/orm/prisma-client/queries/relation-queries#relation-load-strategies-preview
const rowByKey = (prisma: Prisma, key: string) => prisma.$queryRaw<SessionRow[]>`
  SELECT s.session_key, s.handle, s.user_id, s.credential_epoch, s.data, s.version, s.created_at, s.renewed_at, s.last_activity_at, s.expires_at,
         s.custom_age, s.fixed_expiry, s.ip, s.user_agent, u.username, u.email, u.name, u.role, u.status, u.credential_epoch AS user_epoch
  FROM gatehouse_session s LEFT JOIN gatehouse_user u ON u.user_id = s.user_id
  WHERE s.session_key = ${key}`;

const rowByHandle = (prisma: Prisma, handle: string) => prisma.$queryRaw<SessionRow[]>`
  SELECT s.session_key, s.handle, s.user_id, s.credential_epoch, s.data, s.version, s.created_at, s.renewed_at, s.last_activity_at, s.expires_at,
         s.custom_age, s.fixed_expiry, s.ip, s.user_agent, u.username, u.email, u.name, u.role, u.status, u.credential_epoch AS user_epoch
  FROM gatehouse_session s LEFT JOIN gatehouse_user u ON u.user_id = s.user_id
  WHERE s.handle = ${handle}`;
