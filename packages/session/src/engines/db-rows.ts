import { accountStatusSchema, roleSchema, type SessionUser } from '@gatehouse/contract';
import type { Database } from '@gatehouse/prisma';
import type { Lifetimes, LiveSession, SessionRecord, StoredData } from '../engine-port.ts';

/** A session row joined with its user, as raw SQL gives it; names are those of the columns. */
export interface SessionRow {
  session_key: string;
  handle: string;
  user_id: string | null;
  credential_epoch: number | bigint;
  data: string;
  version: number | bigint;
  created_at: Date | string | number;
  renewed_at: Date | string | number;
  last_activity_at: Date | string | number;
  expires_at: Date | string | number;
  custom_age: number | bigint | null;
  fixed_expiry: Date | string | number | null;
  ip: string | null;
  user_agent: string | null;
  username: string | null;
  email: string | null;
  name: string | null;
  role: string | null;
  status: string | null;
  user_epoch: number | bigint | null;
}

/** A session as Prisma reads it with `include: { user: true }`. */
export type RowWithUser = Awaited<ReturnType<Database['prisma']['session']['findMany']>>[number] & {
  user: Awaited<ReturnType<Database['prisma']['user']['findMany']>>[number] | null;
};

export const toRow = ({ user, ...session }: RowWithUser): SessionRow => ({
  session_key: session.key,
  handle: session.handle,
  user_id: session.userId,
  credential_epoch: session.credentialEpoch,
  data: session.data,
  version: session.version,
  created_at: session.createdAt,
  renewed_at: session.renewedAt,
  last_activity_at: session.lastActivityAt,
  expires_at: session.expiresAt,
  custom_age: session.customAge,
  fixed_expiry: session.fixedExpiry,
  ip: session.ip,
  user_agent: session.userAgent,
  username: user?.username ?? null,
  email: user?.email ?? null,
  name: user?.name ?? null,
  role: user?.role ?? null,
  status: user?.status ?? null,
  user_epoch: user?.credentialEpoch ?? null,
});

/** The user is there, active, and has the credentials the session was made with. */
export const userStands = (row: SessionRow): boolean =>
  row.user_id === null || (row.username !== null && row.status === 'active' && Number(row.user_epoch) === Number(row.credential_epoch));

/** Throws if the row is not one of ours: corrupt JSON, foreign values. */
export function toLiveSession(row: SessionRow): LiveSession {
  return { record: toRecord(row), user: toUser(row) };
}

function toRecord(row: SessionRow): SessionRecord {
  return {
    key: row.session_key,
    handle: row.handle,
    userId: row.user_id,
    credentialEpoch: Number(row.credential_epoch),
    data: parseData(row.data),
    version: Number(row.version),
    createdAtMs: toMs(row.created_at),
    renewedAtMs: toMs(row.renewed_at),
    lastActivityAtMs: toMs(row.last_activity_at),
    expiresAtMs: toMs(row.expires_at),
    customAgeSeconds: row.custom_age === null ? null : Number(row.custom_age),
    fixedExpiryMs: row.fixed_expiry === null ? null : toMs(row.fixed_expiry),
    ip: row.ip,
    userAgent: row.user_agent,
  };
}

function toUser(row: SessionRow): SessionUser | null {
  if (row.user_id === null || row.username === null) return null;
  return {
    id: row.user_id,
    username: row.username,
    email: row.email ?? '',
    name: row.name ?? '',
    role: roleSchema.parse(row.role),
    status: accountStatusSchema.parse(row.status),
  };
}

function parseData(text: string): StoredData {
  const data: unknown = JSON.parse(text);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new TypeError('The data of a session is a JSON object.');
  return data as StoredData;
}

function toMs(value: Date | string | number): number {
  const ms = new Date(value).getTime();
  if (Number.isNaN(ms)) throw new TypeError('A time of a session is not a time.');
  return ms;
}

/** The columns of a record that a write may change. */
export const clockColumns = (clocks: Omit<SessionRecord, 'key' | 'handle' | 'userId' | 'credentialEpoch' | 'data' | 'version' | 'ip' | 'userAgent'>) => ({
  renewedAt: new Date(clocks.renewedAtMs),
  lastActivityAt: new Date(clocks.lastActivityAtMs),
  expiresAt: new Date(clocks.expiresAtMs),
  customAge: clocks.customAgeSeconds,
  fixedExpiry: clocks.fixedExpiryMs === null ? null : new Date(clocks.fixedExpiryMs),
});

/** Live by today's settings, as a database filter: counts and lists agree with what a load would say. */
export function liveWhere(lifetimes: Lifetimes, nowMs: number) {
  return {
    expiresAt: { gt: new Date(nowMs) },
    createdAt: { gt: new Date(nowMs - lifetimes.absoluteAgeMs) },
    OR: [{ customAge: { gt: 0 } }, { fixedExpiry: { not: null } }, { renewedAt: { gt: new Date(nowMs - lifetimes.ageMs) } }],
    AND: [{ OR: [{ userId: null }, { user: { status: 'active' } }] }],
  };
}
