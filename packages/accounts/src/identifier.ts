import { z } from 'zod';

/**
 * The form in which user names and e-mail addresses are compared: NFKC (full-width letters become plain ones), lower
 * case, no spaces around. Undefined for what no account can be called: invisible and control characters are not
 * removed, because a name that only differs in them would sign in as another.
 */
export function identifierKey(text: string): string | undefined {
  const key = text.trim().normalize('NFKC').toLowerCase().trim();
  return ASCII_VISIBLE.test(key) ? key : undefined;
}

/** What an account can be called when it signs in: in the form in which that is compared. */
export const identifierKeysOf = ({ username, email }: { username: string; email: string }): string[] =>
  [username, email].map(identifierKey).filter((key) => key !== undefined);

/**
 * Only ASCII is left of any name that can exist, so two names never look the same: ß, dotless i, Cyrillic а and the
 * thousands of other confusables are refused when an account is made, not mapped to what they resemble (UTS #39).
 */
const ASCII_VISIBLE = /^[\u0021-\u007e]{1,254}$/;

/** Of a new account. No @: a user name is never another's e-mail address. */
export const usernameSchema = z
  .string()
  .trim()
  .min(3, 'A user name has at least 3 characters.')
  .max(32, 'A user name has at most 32 characters.')
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/, 'Use the letters a to z, digits, and . _ - between them.');

/** An address with other letters has an ASCII form too (xn--…): that one. */
export const emailSchema = z
  .string()
  .trim()
  .max(254, 'An e-mail address has at most 254 characters.')
  .pipe(z.email('Enter an e-mail address, such as name@example.com.'));
