import type { SessionRecord, SessionSecrets, SessionTimestamps, StoredData } from '../../engine-port.ts';

/** connect-redis' serializer: how session data becomes text. Default JSON. */
export interface Serializer {
  parse(text: string): unknown;
  stringify(data: unknown): string;
}

/**
 * A record is a hash: u user id, e credential epoch, fl floor, d data, v version, s secret hash, ps previous secret hash, ro rotated, p
 * presented, c created, r renewed, a last activity, x expires, ca custom age, f fixed expiry, i address, g user agent; pv, see slot-lua.ts; and who has
 * claimed it, to successor, at when. Times are epoch milliseconds. These in the order in which `loadSession` answers them.
 */
const FIELDS = ['u', 'e', 'fl', 'd', 'v', 's', 'ps', 'ro', 'p', 'c', 'r', 'a', 'x', 'ca', 'f', 'i', 'g'] as const;

/** The fields of a reply of `loadSession`; null where the record has no such field. */
export type StoredFields = readonly (string | null)[];

/** Redis holds text, and anyone may have written it: each field is checked. By hand, because this runs for every request. */
function text(fields: StoredFields, name: (typeof FIELDS)[number]): string {
  const value = fields[FIELDS.indexOf(name)];
  if (typeof value !== 'string') throw new TypeError(`A session has no field ${name}.`);
  return value;
}

function whole(fields: StoredFields, name: (typeof FIELDS)[number]): number {
  const value = text(fields, name);
  const number = Number(value);
  if (value === '' || !Number.isSafeInteger(number)) throw new TypeError(`The field ${name} of a session is not a whole number.`);
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

/** All but the floor and the claim. */
export const recordFields = (record: SessionRecord, serializer: Serializer): string[] => [
  'u',
  record.userId ?? '',
  'e',
  String(record.credentialEpoch),
  'd',
  serializer.stringify(record.data),
  'v',
  String(record.version),
  'c',
  String(record.createdAtMs),
  ...secretFields(record),
  ...timestampFields(record),
  ...clientFields(record),
];

/** @throws TypeError or SyntaxError if the record is not one of ours */
export function toRecord(handle: string, fields: StoredFields, serializer: Serializer): SessionRecord {
  const data = serializer.parse(text(fields, 'd'));
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new TypeError('The data of a session is an object.');
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
