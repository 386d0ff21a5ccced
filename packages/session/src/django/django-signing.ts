import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { inflateSync } from 'node:zlib';

type Algorithm = 'sha256' | 'sha1';

/** As in `django.utils.crypto.salted_hmac`: the key is a hash of salt and secret. */
function saltedHmac(salt: string, value: string, { secret, algorithm }: { secret: string; algorithm: Algorithm }): Buffer {
  const key = createHash(algorithm)
    .update(salt + secret)
    .digest();
  return createHmac(algorithm, key).update(value).digest();
}

/** Django's `SECRET_KEY`, then its `SECRET_KEY_FALLBACKS`. Any of them may have signed. */
export type DjangoKeys = readonly string[];

/** SHA-256 since Django 3.1. Older versions used SHA-1, which some sites kept for a while (`DEFAULT_HASHING_ALGORITHM`). */
const ALGORITHMS = ['sha256', 'sha1'] as const;

const isSigned = (keys: DjangoKeys, mac: Buffer, compute: (key: { secret: string; algorithm: Algorithm }) => Buffer): boolean =>
  keys.some((secret) => ALGORITHMS.some((algorithm) => isEqual(mac, compute({ secret, algorithm }))));

const isEqual = (one: Buffer, other: Buffer): boolean => one.length === other.length && timingSafeEqual(one, other);

/** More than any real session. Protects against a row that decompresses to gigabytes. */
const MAX_SESSION_BYTES = 1_048_576;

/** The data of a row of `django_session`. undefined if it is not signed with any of the keys or is not JSON. */
export function readSessionData(text: string, keys: DjangoKeys): Record<string, unknown> | undefined {
  return text.includes(':') ? readSigned(text, keys) : readBefore31(text, keys);
}

/**
 * `django.core.signing.dumps(…, compress=True)`: base64url of JSON (with a leading dot if compressed with zlib), the
 * time, and the HMAC of both. The time is ignored, because the row has its own expiry.
 */
function readSigned(text: string, keys: DjangoKeys): Record<string, unknown> | undefined {
  const cut = text.lastIndexOf(':');
  const signed = text.slice(0, cut);
  const mac = Buffer.from(text.slice(cut + 1), 'base64url');
  const salt = 'django.contrib.sessions.SessionStoresigner';
  if (!isSigned(keys, mac, (key) => saltedHmac(salt, signed, key))) return undefined;
  const payload = signed.slice(0, signed.lastIndexOf(':'));
  const isPacked = payload.startsWith('.');
  const bytes = Buffer.from(isPacked ? payload.slice(1) : payload, 'base64url');
  return parse(() => (isPacked ? inflateSync(bytes, { maxOutputLength: MAX_SESSION_BYTES }) : bytes));
}

/** base64 of `hexadecimal HMAC:JSON`, the format before Django 3.1. */
function readBefore31(text: string, keys: DjangoKeys): Record<string, unknown> | undefined {
  const bytes = Buffer.from(text, 'base64');
  const cut = bytes.indexOf(':');
  if (cut < 0) return undefined;
  const mac = Buffer.from(bytes.subarray(0, cut).toString('latin1'), 'hex');
  const payload = bytes.subarray(cut + 1);
  if (!isSigned(keys, mac, (key) => saltedHmac('django.contrib.sessionsSessionStore', payload.toString('latin1'), key))) return undefined;
  return parse(() => payload);
}

function parse(read: () => Buffer): Record<string, unknown> | undefined {
  try {
    const data: unknown = JSON.parse(read().toString('utf8'));
    return typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as Record<string, unknown>) : undefined;
  } catch {
    // Pickle (before Django 1.6), or invalid compressed data.
    return undefined;
  }
}

/**
 * Whether the session was created with this password, as in `get_session_auth_hash`. Django ends a session after a
 * password change, so it is not imported.
 */
export function isSessionOf(authHash: unknown, password: string, keys: DjangoKeys): boolean {
  if (typeof authHash !== 'string' || !/^(?:[0-9a-f]{64}|[0-9a-f]{40})$/.test(authHash)) return false;
  const salt = 'django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash';
  return isSigned(keys, Buffer.from(authHash, 'hex'), (key) => saltedHmac(salt, password, key));
}
