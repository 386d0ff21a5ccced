import type { SessionRecord, SessionSecrets, SessionTimestamps, StoredData } from '../../engine-port.ts';
import { RECORD_FORMAT } from '../record-format.ts';

/** connect-redis' serializer, which converts session data to text. Default: JSON. */
export interface Serializer {
  parse(text: string): unknown;
  stringify(data: unknown): string;
}

/**
 * A record is a hash: u user id, e credential epoch, fl floor, d data, v version, s secret hash, ps previous secret
 * hash, ro rotated at, p presented at, c created at, r renewed at, a last activity, x expires at, ca custom age, f
 * fixed expiry, i address, g user agent; fv format (absent: 1; see record-format.ts); pv: see slot-lua.ts; to: successor
 * that claimed it, at: when. Times are epoch milliseconds. `loadSession` returns the fields in this order.
 */
export const STORED_FIELDS = ['u', 'e', 'fl', 'd', 'v', 's', 'ps', 'ro', 'p', 'c', 'r', 'a', 'x', 'ca', 'f', 'i', 'g'] as const;

/** Fields in a reply of `loadSession`; null where the record lacks one. */
export type StoredFields = readonly (string | null)[];

/** Redis stores text that others may have written, so each field is checked. By hand, because this runs for every request. */
function text(fields: StoredFields, name: (typeof STORED_FIELDS)[number]): string {
  const value = fields[STORED_FIELDS.indexOf(name)];
  if (typeof value !== 'string') throw new TypeError(`The session has no field ${name}.`);
  return value;
}

function whole(fields: StoredFields, name: (typeof STORED_FIELDS)[number]): number {
  const value = text(fields, name);
  const number = Number(value);
  if (value === '' || !Number.isSafeInteger(number)) throw new TypeError(`The field ${name} of the session is not an integer.`);
  return number;
}

const optional = (fields: StoredFields, name: 'ca' | 'f' | 'p'): number | null => (text(fields, name) === '' ? null : whole(fields, name));

export const timestampFields = (timestamps: SessionTimestamps): string[] => [
  'r',
  String(timestamps.renewedAtMs),
  'a',
  String(timestamps.lastActivityAtMs),
  'x',
  String(timestamps.expiresAtMs),
  'ca',
  String(timestamps.customAgeSeconds ?? ''),
  'f',
  String(timestamps.fixedExpiryMs ?? ''),
];

export const secretFields = (secrets: SessionSecrets): string[] => [
  's',
  secrets.secretHash,
  'ps',
  secrets.previousSecretHash ?? '',
  'ro',
  String(secrets.rotatedAtMs),
  'p',
  String(secrets.presentedAtMs ?? ''),
];

export const clientFields = (client: Pick<SessionRecord, 'ip' | 'userAgent'>): string[] => [
  'i',
  client.ip ?? '',
  'g',
  client.userAgent ?? '',
];

/** All fields except the floor and the claim. */
export const recordFields = (record: SessionRecord, serializer: Serializer): string[] => [
  'u',
  record.userId ?? '',
  'e',
  String(record.credentialEpoch),
  'd',
  serializer.stringify(record.data),
  'v',
  String(record.version),
  'fv',
  String(RECORD_FORMAT),
  'c',
  String(record.createdAtMs),
  ...secretFields(record),
  ...timestampFields(record),
  ...clientFields(record),
];

/** @throws TypeError or SyntaxError if the record was not written by us */
export function toRecord(handle: string, fields: StoredFields, serializer: Serializer): SessionRecord {
  const data = serializer.parse(text(fields, 'd'));
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new TypeError('The session’s data is not an object.');
  return {
    handle,
    userId: text(fields, 'u') || null,
    credentialEpoch: whole(fields, 'e'),
    data: data as StoredData,
    version: whole(fields, 'v'),
    secretHash: text(fields, 's'),
    previousSecretHash: text(fields, 'ps') || null,
    rotatedAtMs: whole(fields, 'ro'),
    presentedAtMs: optional(fields, 'p'),
    createdAtMs: whole(fields, 'c'),
    renewedAtMs: whole(fields, 'r'),
    lastActivityAtMs: whole(fields, 'a'),
    expiresAtMs: whole(fields, 'x'),
    customAgeSeconds: optional(fields, 'ca'),
    fixedExpiryMs: optional(fields, 'f'),
    ip: text(fields, 'i') || null,
    userAgent: text(fields, 'g') || null,
  };
}
