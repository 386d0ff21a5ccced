import { FIELD_MESSAGES } from '@gatehouse/contract';
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
  .min(3, FIELD_MESSAGES.USERNAME_TOO_SHORT)
  .max(32, FIELD_MESSAGES.USERNAME_TOO_LONG)
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, FIELD_MESSAGES.USERNAME_CHARACTERS);
