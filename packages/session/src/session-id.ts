import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, base64url: the cookie's secret, known to the browser alone (ASVS 7.2.3 asks for 128). */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/**
 * base64url SHA-256 of a secret: all that storage holds of it, so that a stolen dump gives nobody a usable cookie (Rack
 * CVE-2019-16782). Secrets have full entropy, so no salt is needed.
 */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** Characters of a handle that say where its session is stored: see `Engine.newHandle`. */
export const SHARD_TAG_LENGTH = 11;

/**
 * A new public id of a session: `ses_`, a shard tag and 96 random bits, 31 characters in all. Lists, logs, the CLI and storage use it;
 * it says nothing about the secret. Default tag: random.
 */
export const newHandle = (shardTag: string = randomTag()): string => `ses_${shardTag}${randomBytes(12).toString('base64url')}`;

export const randomTag = (): string => randomBytes(9).toString('base64url').slice(0, SHARD_TAG_LENGTH);

/** The shard tag of a handle. */
export const shardTagOf = (handle: string): string => handle.slice(4, 4 + SHARD_TAG_LENGTH);

/** What a cookie says: which session, and the proof that it is the browser's own. */
export interface SessionToken {
  readonly handle: string;
  readonly secret: string;
}

export const formatToken = ({ handle, secret }: SessionToken): string => `${handle}.${secret}`;

/** undefined: the text is no token of ours. */
export function parseToken(text: string): SessionToken | undefined {
  const dot = text.indexOf('.');
  const [handle, secret] = [text.slice(0, dot), text.slice(dot + 1)];
  return dot > 0 && /^ses_[\w-]{20,60}$/.test(handle) && /^[\w-]{22,128}$/.test(secret) ? { handle, secret } : undefined;
}

/**
 * The token for a text that is both name and proof: express-session's session id in the plain store, an id derived from an old
 * session. The handle is a hash of the text under another label than the secret, so neither follows from the other.
 */
export const tokenOfId = (id: string): SessionToken => ({
  handle: `ses_${createHash('sha256')
    .update(`handle ${id}`)
    .digest('base64url')
    .slice(0, SHARD_TAG_LENGTH + 16)}`,
  secret: id,
});
