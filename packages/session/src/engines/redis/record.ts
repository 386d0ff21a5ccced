import { sessionUserSchema, type SessionUser } from '@gatehouse/contract';
import { z } from 'zod';
import type { Clocks, LiveSession, SessionRecord, StoredData } from '../../engine-port.ts';

/** connect-redis' serializer: how session data becomes text. Default JSON. */
export interface Serializer {
  parse(text: string): unknown;
  stringify(data: unknown): string;
}

const whole = z.coerce.number().int().safe();
const optional = <Schema extends z.ZodType>(schema: Schema) => z.union([z.literal('').transform(() => null), schema]);

const hashSchema = z.object({
  h: z.string().min(1),
  u: z.string(),
  e: whole,
  d: z.string(),
  v: whole,
  c: whole,
  r: whole,
  a: whole,
  x: whole,
  ca: optional(whole),
  f: optional(whole),
  i: z.string(),
  g: z.string(),
  n: z.string(),
});

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

export const recordFields = (record: SessionRecord, user: SessionUser | null, serializer: Serializer): string[] => [
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
  user ? JSON.stringify(user) : '',
];

/** @throws if the hash is not one of ours. */
export function toLiveSession(key: string, hash: unknown, serializer: Serializer): LiveSession {
  const { h, u, e, d, v, c, r, a, x, ca, f, i, g, n } = hashSchema.parse(hash);
  const data = serializer.parse(d);
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new TypeError('The data of a session is an object.');
  const record: SessionRecord = {
    key,
    handle: h,
    userId: u || null,
    credentialEpoch: e,
    data: data as StoredData,
    version: v,
    createdAtMs: c,
    renewedAtMs: r,
    lastActivityAtMs: a,
    expiresAtMs: x,
    customAgeSeconds: ca,
    fixedExpiryMs: f,
    ip: i || null,
    userAgent: g || null,
  };
  return { record, user: n ? sessionUserSchema.parse(JSON.parse(n)) : null };
}
