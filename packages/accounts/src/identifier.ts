import { z } from 'zod';

/**
 * The key by which user names and e-mail addresses are compared: NFKC (full-width letters become plain ones), lower case, trimmed.
 * Undefined if no account can have this name. Invisible and control characters are rejected and not removed, because otherwise two
 * different-looking inputs would sign in to the same account.
 */
export function identifierKey(text: string): string | undefined {
  const key = text.trim().normalize('NFKC').toLowerCase().trim();
  return ASCII_VISIBLE.test(key) ? key : undefined;
}

/** The keys under which an account can sign in. */
export const identifierKeysOf = ({ username, email }: { username: string; email: string }): string[] =>
  [username, email].map(identifierKey).filter((key) => key !== undefined);

/**
 * Names are ASCII only, so two names never look the same: ß, dotless i, Cyrillic а and thousands of other confusables (UTS #39) are
 * rejected and not mapped to what they resemble.
 */
const ASCII_VISIBLE = /^[\u0021-\u007e]{1,254}$/;

/** For new accounts. An @ is not allowed, so that a user name is never someone else's e-mail address. */
export const usernameSchema = z
  .string()
  .trim()
  .min(3, 'A user name must have at least 3 characters.')
  .max(32, 'A user name can have at most 32 characters.')
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, 'Use letters a to z, digits, and . _ - between them.');

/** Internationalized domains must be in their ASCII form (xn--…). */
export const emailSchema = z
  .string()
  .trim()
  .max(254, 'An e-mail address can have at most 254 characters.')
  .pipe(z.email('Enter an e-mail address, such as name@example.com.'));
