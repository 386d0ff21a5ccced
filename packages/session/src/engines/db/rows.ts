import { accountStatusSchema, roleSchema, storedAttributes, type EndedSession, type SessionUser } from '@gatehouse/contract';
import { RECORD_FORMAT } from '../record-format.ts';
import type { Claim, SessionRecord, SessionSecrets, StoredData } from '../../engine-port.ts';

type Time = Date | string | number;

/** A session row joined with its user, as raw SQL returns it. Keys are column names. */
export interface SessionRow {
  handle: string;
  secret_hash: string;
  previous_secret_hash: string | null;
  rotated_at: Time;
  presented_at: Time | null;
  successor: string | null;
  claimed_at: Time | null;
  user_id: string | null;
  credential_epoch: number | bigint;
  data: string;
  version: number | bigint;
  record_format: number | bigint;
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

type UserColumns = Pick<SessionRow, 'user_id' | 'username' | 'email' | 'name' | 'role' | 'status' | 'attributes'>;

/** The columns that a purge reads. */
export type RemovedRow = Pick<SessionRow, 'handle' | 'user_id' | 'successor' | 'expires_at'>;

/** Expired sessions of users. Anonymous sessions are not reported, and claimed ones have a successor. */
export const expiredSessions = (rows: readonly RemovedRow[]): EndedSession[] =>
  rows.flatMap(({ handle, user_id: userId, successor, expires_at }) =>
    userId === null || successor !== null ? [] : [{ handle, userId, at: new Date(expires_at) }],
  );

/** Whether the user exists, is active and has the session's credential epoch. true for an anonymous session. */
export const isUserActive = (row: SessionRow): boolean =>
  row.user_id === null || (row.username !== null && row.status === 'active' && Number(row.user_epoch) === Number(row.credential_epoch));

/** Unchecked, so that the secret can be verified before the rest of the row is parsed. */
export const secretsOf = (row: SessionRow): SessionSecrets => ({
  secretHash: row.secret_hash,
  previousSecretHash: row.previous_secret_hash,
  rotatedAtMs: new Date(row.rotated_at).getTime(),
  presentedAtMs: row.presented_at === null ? null : new Date(row.presented_at).getTime(),
});

/** @throws if the row was not written by us: corrupt JSON or invalid values. */
export function toRecord(row: SessionRow): SessionRecord {
  return {
    handle: row.handle,
    secretHash: row.secret_hash,
    previousSecretHash: row.previous_secret_hash,
    rotatedAtMs: toMs(row.rotated_at),
    presentedAtMs: row.presented_at === null ? null : toMs(row.presented_at),
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

/** @throws if the user has a role or status that this version does not know. */
export function toUser(row: UserColumns): SessionUser | null {
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

const toDate = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

/** The columns of a new row. `claim`: for a row that is claimed from the start. */
export const toColumns = (record: SessionRecord, claim?: Claim) => ({
  handle: record.handle,
  secretHash: record.secretHash,
  previousSecretHash: record.previousSecretHash,
  rotatedAt: new Date(record.rotatedAtMs),
  presentedAt: toDate(record.presentedAtMs),
  successor: claim?.successor ?? null,
  claimedAt: toDate(claim?.claimedAtMs ?? null),
  userId: record.userId,
  credentialEpoch: record.credentialEpoch,
  data: JSON.stringify(record.data),
  version: record.version,
  recordFormat: RECORD_FORMAT,
  createdAt: new Date(record.createdAtMs),
  renewedAt: new Date(record.renewedAtMs),
  lastActivityAt: new Date(record.lastActivityAtMs),
  expiresAt: new Date(record.expiresAtMs),
  customAge: record.customAgeSeconds,
  fixedExpiry: toDate(record.fixedExpiryMs),
  ip: record.ip,
  userAgent: record.userAgent,
});

// SQLite accepts any value in any column, so each is checked.

function toData(text: string): StoredData {
  const data: unknown = JSON.parse(text);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new TypeError('The session’s data is not a JSON object.');
  return data as StoredData;
}

function toMs(value: Time): number {
  const ms = new Date(value).getTime();
  if (Number.isNaN(ms)) throw new TypeError('A timestamp of the session is invalid.');
  return ms;
}

function toInteger(value: number | bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new TypeError('A number of the session is not an integer.');
  return number;
}
