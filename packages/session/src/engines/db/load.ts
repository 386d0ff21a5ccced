import { isDatabaseUnavailable, type Database, type PreparedSelect } from '@gatehouse/prisma';
import { empty, join, sql } from '@gatehouse/prisma/sql';
import type { Engine, Lifetimes, StoredSession, LoadOutcome } from '../../engine-port.ts';
import { slide, isLive } from '../../policy.ts';
import { checkSecret } from '../../secrets.ts';
import { withTimeout } from '../../with-timeout.ts';
import { isStorableId } from '../storable-id.ts';
import { isUserActive, secretsOf, type SessionRow } from './rows.ts';
import { liveWhere, setClient, setTimestamps } from './sql.ts';

/** Time limit of the write, well below the request's time limit for both. */
const SLIDE_TIMEOUT_MS = 400;

export interface DbLoadParts {
  readonly prisma: Database['prisma'];
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  readonly selectByHandle: PreparedSelect<SessionRow>;
  readonly open: (row: SessionRow) => Promise<StoredSession | undefined>;
}

/** Loads a session with one query, and a second statement if there is something to write. */
export function dbLoad({ prisma, lifetimes, now, selectByHandle, open }: DbLoadParts): Engine['load'] {
  async function read(handle: string, secretHash: string): Promise<LoadOutcome> {
    const [row] = await selectByHandle([handle]);
    if (!row || !isUserActive(row)) return { status: 'absent' };
    // Check the secret first: a client that only knows the handle must not change anything, not even an unreadable row.
    const secret = checkSecret(secretsOf(row), secretHash, now());
    if (secret === 'refused') return { status: 'absent' };
    const session = await open(row);
    if (!session) return { status: 'absent' };
    if (!isLive(session.record, lifetimes, now())) return { status: 'expired' };
    if (row.successor !== null)
      return { status: 'claimed', successor: row.successor, claimedAtMs: new Date(row.claimed_at ?? 0).getTime() };
    return { status: 'live', ...session, slid: false, secret };
  }

  return async (handle, { secretHash, client }) => {
    if (!isStorableId(handle)) return { status: 'absent' };
    const outcome = await read(handle, secretHash);
    if (outcome.status !== 'live') return outcome;
    const { record } = outcome;
    const nowMs = now();
    const slid = client && slide(record, lifetimes, nowMs);
    const isFirst = outcome.secret === 'current' && record.presentedAtMs === null;
    if (!slid && !isFirst) return outcome;
    const changes = [
      ...(slid ? [setTimestamps(slid), setClient(client)] : []),
      ...(isFirst ? [sql`presented_at = ${new Date(nowMs)}`] : []),
    ];
    const unpresented = isFirst ? sql` AND presented_at IS NULL` : empty;
    // Only write if the row is unchanged: a concurrent request may have set another expiry or written activity itself.
    const written = await slideBestEffort(
      prisma.$executeRaw(sql`
        UPDATE gatehouse_session SET ${join(changes)}
        WHERE handle = ${handle} AND version = ${record.version} AND last_activity_at = ${new Date(record.lastActivityAtMs)}
          ${unpresented} AND ${liveWhere(lifetimes, now())}`),
    );
    if (written === undefined) return outcome;
    // Another request wrote first or ended the session, so read again.
    if (written === 0) return read(handle, secretHash);
    const after = {
      ...record,
      ...(slid && { ...slid, ip: client.ip, userAgent: client.userAgent }),
      ...(isFirst && { presentedAtMs: nowMs }),
    };
    return { ...outcome, record: after, slid: slid !== undefined };
  };
}

/** undefined if the database is full, read-only, locked or slow. The session is then served as it was read and slides later. */
async function slideBestEffort(slide: Promise<number>): Promise<number | undefined> {
  const done = slide.catch((error: unknown) => {
    if (isDatabaseUnavailable(error)) return undefined;
    throw error;
  });
  return withTimeout(done, { ms: SLIDE_TIMEOUT_MS, onTimeout: () => undefined });
}
