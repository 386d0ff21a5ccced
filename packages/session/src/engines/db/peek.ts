import type { Database } from '@gatehouse/prisma';
import { join, sql } from '@gatehouse/prisma/sql';
import type { Engine, Lifetimes, PeekedSession } from '../../engine-port.ts';
import { expiryMs } from '../../policy.ts';
import { isStorableId } from '../storable-id.ts';
import { toUser, type SessionRow } from './rows.ts';
import { liveWhere, unexpiredWhere } from './sql.ts';

/** Handles and users per query. */
const BATCH = 500;

type PeekedRow = Pick<
  SessionRow,
  | 'handle'
  | 'user_id'
  | 'created_at'
  | 'renewed_at'
  | 'expires_at'
  | 'custom_age'
  | 'fixed_expiry'
  | 'username'
  | 'email'
  | 'name'
  | 'role'
  | 'status'
  | 'attributes'
>;

interface ListRow {
  user_id: string;
  sessions: unknown;
  newest: unknown;
}

export interface DbPeekParts {
  readonly prisma: Database['prisma'];
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
}

/** Two queries for up to 500 sessions: they and their users by primary key, and each user's list by its index. No data is read. */
export function dbPeek({ prisma, lifetimes, now }: DbPeekParts): Engine['peek'] {
  const rowsOf = (handles: readonly string[]): Promise<PeekedRow[]> =>
    prisma.$queryRaw<PeekedRow[]>(sql`
      SELECT gatehouse_session.handle, gatehouse_session.user_id, gatehouse_session.created_at, gatehouse_session.renewed_at,
             gatehouse_session.expires_at, gatehouse_session.custom_age, gatehouse_session.fixed_expiry,
             gatehouse_user.username, gatehouse_user.email, gatehouse_user.name, gatehouse_user.role, gatehouse_user.status,
             gatehouse_user.attributes
      FROM gatehouse_session LEFT JOIN gatehouse_user ON gatehouse_user.user_id = gatehouse_session.user_id
      WHERE gatehouse_session.handle IN (${join([...handles])}) AND ${liveWhere(lifetimes, now())}`);

  /** A new session is newer than all others, and an ended one changes the count. */
  async function listVersions(userIds: readonly string[]): Promise<Map<string, string>> {
    if (userIds.length === 0) return new Map();
    const rows = await prisma.$queryRaw<ListRow[]>(sql`
      SELECT user_id, COUNT(*) AS sessions, MAX(created_at) AS newest FROM gatehouse_session
      WHERE user_id IN (${join([...userIds])}) AND successor IS NULL AND ${unexpiredWhere(lifetimes, now())}
      GROUP BY user_id`);
    return new Map(rows.map(({ user_id, sessions, newest }) => [user_id, `${Number(sessions)} ${textOf(newest)}`]));
  }

  async function peekBatch(handles: readonly string[], found: Map<string, PeekedSession>): Promise<void> {
    const rows = await rowsOf(handles);
    const versions = await listVersions([...new Set(rows.flatMap(({ user_id }) => user_id ?? []))]);
    for (const row of rows) {
      const session = peeked(row, lifetimes, versions.get(row.user_id ?? '') ?? '');
      if (session) found.set(row.handle, session);
    }
  }

  return async (handles) => {
    const storable = handles.filter(isStorableId);
    const found = new Map<string, PeekedSession>();
    // oxlint-disable-next-line no-await-in-loop -- one connection of the pool is enough
    for (let start = 0; start < storable.length; start += BATCH) await peekBatch(storable.slice(start, start + BATCH), found);
    return found;
  };
}

/** undefined if this version cannot read the row. A request reports that and handles it. */
function peeked(row: PeekedRow, lifetimes: Lifetimes, listVersion: string): PeekedSession | undefined {
  try {
    const storedExpiryMs = new Date(row.expires_at).getTime();
    const expiresAtMs = expiryMs(
      {
        createdAtMs: new Date(row.created_at).getTime(),
        renewedAtMs: new Date(row.renewed_at).getTime(),
        lastActivityAtMs: 0,
        customAgeSeconds: row.custom_age === null ? null : Number(row.custom_age),
        fixedExpiryMs: row.fixed_expiry === null ? null : new Date(row.fixed_expiry).getTime(),
      },
      lifetimes,
    );
    return { userId: row.user_id, expiresAtMs: Math.min(storedExpiryMs, expiresAtMs), user: toUser(row), listVersion };
  } catch {
    return undefined;
  }
}

const textOf = (newest: unknown): string => (newest instanceof Date ? newest.toISOString() : String(newest));
