import { accountStatusSchema, roleSchema, storedAttributes, type SessionUser } from '@gatehouse/contract';
import type { SessionRecord, StoredData } from '../engine-port.ts';
import type { EndedSession } from '../engine-options.ts';

type Time = Date | string | number;

/** Of a session row its name alone, as raw SQL gives it. */
export interface SessionKey {
  session_key: string;
}

/** A session row joined with its user, as raw SQL gives it; names are those of the columns. */
export interface SessionRow extends SessionKey {
  handle: string;
  user_id: string | null;
  credential_epoch: number | bigint;
  data: string;
  version: number | bigint;
  created_at: Time;
  renewed_at: Time;
  last_activity_at: Time;
  expires_at: Time;
  custom_age: number | bigint | null;
  fixed_expiry: Time | null;
  ip: string | null;
  user_agent: string | null;
  username: string | null;
  email: string | null;
  name: string | null;
  role: string | null;
  status: string | null;
  attributes: string | null;
  user_epoch: number | bigint | null;
}

/** What a purge reads of what it removes. */
export type RemovedRow = Pick<SessionRow, 'session_key' | 'handle' | 'user_id' | 'expires_at'>;

/** Those of users; nobody misses an anonymous one. */
export const expiredSessions = (rows: readonly RemovedRow[]): EndedSession[] =>
  rows.flatMap(({ handle, user_id: userId, expires_at }) => (userId === null ? [] : [{ handle, userId, at: new Date(expires_at) }]));

/** The user is there, active, and has the credentials the session was made with. */
export const userStands = (row: SessionRow): boolean =>
  row.user_id === null || (row.username !== null && row.status === 'active' && Number(row.user_epoch) === Number(row.credential_epoch));

/** Throws if the row is not one of ours: corrupt JSON, foreign values. */
export function toRecord(row: SessionRow): SessionRecord {
  return {
    key: row.session_key,
    handle: row.handle,
    userId: row.user_id,
    credentialEpoch: toInteger(row.credential_epoch),
    data: toData(row.data),
    version: toInteger(row.version),
    createdAtMs: toMs(row.created_at),
    renewedAtMs: toMs(row.renewed_at),
    lastActivityAtMs: toMs(row.last_activity_at),
    expiresAtMs: toMs(row.expires_at),
    customAgeSeconds: row.custom_age === null ? null : toInteger(row.custom_age),
    fixedExpiryMs: row.fixed_expiry === null ? null : toMs(row.fixed_expiry),
    ip: row.ip,
    userAgent: row.user_agent,
  };
}

/** Throws if the user has a role or status that this version does not know. */
export function toUser(row: SessionRow): SessionUser | null {
  if (row.user_id === null || row.username === null) return null;
  return {
    id: row.user_id,
    username: row.username,
    email: row.email ?? '',
    name: row.name ?? '',
    role: roleSchema.parse(row.role),
    status: accountStatusSchema.parse(row.status),
    attributes: storedAttributes(row.attributes),
  };
}

/** The columns of a new row. */
export const toColumns = (record: SessionRecord, replaces: string | undefined) => ({
  key: record.key,
  handle: record.handle,
  userId: record.userId,
  credentialEpoch: record.credentialEpoch,
  data: JSON.stringify(record.data),
  version: record.version,
  createdAt: new Date(record.createdAtMs),
  renewedAt: new Date(record.renewedAtMs),
  lastActivityAt: new Date(record.lastActivityAtMs),
  expiresAt: new Date(record.expiresAtMs),
  customAge: record.customAgeSeconds,
  fixedExpiry: record.fixedExpiryMs === null ? null : new Date(record.fixedExpiryMs),
  ip: record.ip,
  userAgent: record.userAgent,
  replacedKey: replaces ?? null,
});

// SQLite takes any value in any column, so each is checked.

function toData(text: string): StoredData {
  const data: unknown = JSON.parse(text);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new TypeError('The data of a session is a JSON object.');
  return data as StoredData;
}

function toMs(value: Time): number {
  const ms = new Date(value).getTime();
  if (Number.isNaN(ms)) throw new TypeError('A time of a session is not a time.');
  return ms;
}

function toInteger(value: number | bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new TypeError('A number of a session is not a whole number.');
  return number;
}
