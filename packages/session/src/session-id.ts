import { createHash, hash, randomBytes } from 'node:crypto';

/** A new secret for a cookie: 256 random bits, base64url. Only the browser has it. (ASVS 7.2.3 requires 128 bits.) */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/**
 * base64url SHA-256 of a secret. Storage has only this hash, so that a stolen dump contains no usable cookie (Rack
 * CVE-2019-16782). Secrets have full entropy, so they need no salt.
 */
export const hashSecret = (secret: string): string => hash('sha256', secret, 'base64url');

/** Length of the part of a handle that says where its session is stored: see `Engine.newHandle`. */
export const SHARD_TAG_LENGTH = 11;

/**
 * A new public id of a session: `ses_`, a shard tag and 96 random bits, 31 characters in all. Used in lists, logs, the
 * CLI and storage. It reveals nothing about the secret. Default tag: random.
 */
export const newHandle = (shardTag: string = randomTag()): string => `ses_${shardTag}${randomBytes(12).toString('base64url')}`;

export const randomTag = (): string => randomBytes(9).toString('base64url').slice(0, SHARD_TAG_LENGTH);

/** The shard tag of a handle. */
export const shardTagOf = (handle: string): string => handle.slice(4, 4 + SHARD_TAG_LENGTH);

/** The content of a cookie: the session's handle, and the secret that proves the browser's right to it. */
export interface SessionToken {
  readonly handle: string;
  readonly secret: string;
}

export const formatToken = ({ handle, secret }: SessionToken): string => `${handle}.${secret}`;

/** undefined if the text is not a token. */
export function parseToken(text: string): SessionToken | undefined {
  const dot = text.indexOf('.');
  const [handle, secret] = [text.slice(0, dot), text.slice(dot + 1)];
  return dot > 0 && /^ses_[\w-]{20,60}$/.test(handle) && /^[\w-]{22,128}$/.test(secret) ? { handle, secret } : undefined;
}

/**
 * The token for a text that is both id and secret: express-session's id in the plain store, or an id derived from an
 * old session. The handle is a hash of the text under another label than the stored hash, so neither can be derived
 * from the other.
 */
export const tokenOfId = (id: string): SessionToken => ({
  handle: `ses_${createHash('sha256')
    .update(`handle ${id}`)
    .digest('base64url')
    .slice(0, SHARD_TAG_LENGTH + 16)}`,
  secret: id,
});
