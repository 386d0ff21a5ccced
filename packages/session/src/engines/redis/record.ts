import type { Clocks, SessionRecord, StoredData } from '../../engine-port.ts';

/** connect-redis' serializer: how session data becomes text. Default JSON. */
export interface Serializer {
  parse(text: string): unknown;
  stringify(data: unknown): string;
}

/** A record's fields in the order in which `loadSession` answers them. */
const FIELDS = ['h', 'u', 'e', 'd', 'v', 'c', 'r', 'a', 'x', 'ca', 'f', 'i', 'g', 'n'] as const;

/** The reply of `loadSession`; null where the record has no such field. */
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

const optional = (fields: StoredFields, name: 'ca' | 'f'): number | null => (text(fields, name) === '' ? null : whole(fields, name));

export const clockFields = (clocks: Clocks): string[] => [
  'r',
  String(clocks.renewedAtMs),
  'a',
  String(clocks.lastActivityAtMs),
  'x',
  String(clocks.expiresAtMs),
  'ca',
  String(clocks.customAgeSeconds ?? ''),
  'f',
  String(clocks.fixedExpiryMs ?? ''),
];

export const recordFields = (record: SessionRecord, userCopy: string, serializer: Serializer): string[] => [
  'h',
  record.handle,
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
  ...clockFields(record),
  'i',
  record.ip ?? '',
  'g',
  record.userAgent ?? '',
  'n',
  userCopy,
];

/**
 * `userCopy` is as it is stored, empty where there is none: it is read again from the database where it does not fit.
 * @throws if the record is not one of ours.
 */
export function toStoredSession(
  key: string,
  fields: StoredFields,
  serializer: Serializer,
): { readonly record: SessionRecord; readonly userCopy: string } {
  const data = serializer.parse(text(fields, 'd'));
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new TypeError('The data of a session is an object.');
  const handle = text(fields, 'h');
  if (handle === '') throw new TypeError('A session has no handle.');
  const record: SessionRecord = {
    key,
    handle,
    userId: text(fields, 'u') || null,
    credentialEpoch: whole(fields, 'e'),
    data: data as StoredData,
    version: whole(fields, 'v'),
    createdAtMs: whole(fields, 'c'),
    renewedAtMs: whole(fields, 'r'),
    lastActivityAtMs: whole(fields, 'a'),
    expiresAtMs: whole(fields, 'x'),
    customAgeSeconds: optional(fields, 'ca'),
    fixedExpiryMs: optional(fields, 'f'),
    ip: text(fields, 'i') || null,
    userAgent: text(fields, 'g') || null,
  };
  return { record, userCopy: fields[FIELDS.indexOf('n')] ?? '' };
}
