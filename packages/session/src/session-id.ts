import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, base64url: the cookie's id, known to the browser alone (ASVS 7.2.3 asks for 128). */
export const newSessionId = (): string => randomBytes(32).toString('base64url');

/**
 * base64url SHA-256 of the id: all that storage holds of it, so that a stolen dump or a look-up's timing
 * gives nobody a usable cookie (Rack CVE-2019-16782). Ids have full entropy, so no salt is needed.
 */
export const sessionKey = (id: string): string => createHash('sha256').update(id).digest('base64url');

/** Public name of a session: lists, logs, the CLI. Says nothing about the id. */
export const newHandle = (): string => `ses_${randomBytes(12).toString('base64url')}`;
