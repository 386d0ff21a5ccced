import { MAX_PASSWORD_BYTES } from '@gatehouse/contract';
import { isCommonPassword } from './common-passwords.ts';

/** Characters, as people count them after NFC (ASVS 6.2.1). */
export const MIN_PASSWORD_LENGTH = 8;

/** Shorter parts of a name occur in good passwords by chance. */
const MIN_TELLTALE_LENGTH = 4;

/** Whose password it is. */
export interface PasswordOwner {
  readonly username: string;
  readonly email: string;
  readonly name: string;
}

/** What can be hashed at all: bounded, and such that no two different ones become one. Checked before any hashing. */
export const isHashable = (password: unknown): password is string =>
  typeof password === 'string' &&
  // UTF-8 has at least a byte a UTF-16 unit: the cheap check first.
  password.length <= MAX_PASSWORD_BYTES &&
  Buffer.byteLength(password) <= MAX_PASSWORD_BYTES &&
  !password.includes('\0') &&
  password.isWellFormed();

/**
 * Why a password may not be set; empty if it may. Length and lists, no composition rules (ASVS 6.2, NIST SP 800-63B 3.1.1).
 * Never applied at sign-in: a password that was set stays usable.
 */
export function passwordProblems(password: string, owner: PasswordOwner): string[] {
  if (!isHashable(password)) return [`A password has at most ${MAX_PASSWORD_BYTES} bytes, and nothing that cannot be typed.`];
  const problems: string[] = [];
  if (Array.from(password.normalize('NFC')).length < MIN_PASSWORD_LENGTH) problems.push(`Use at least ${MIN_PASSWORD_LENGTH} characters.`);
  else if (isCommonPassword(password))
    problems.push('This password is one of the most used ones, and would be guessed first. Choose another.');
  if (containsOwner(password, owner)) problems.push('A password does not contain your name, user name or e-mail address.');
  return problems;
}

function containsOwner(password: string, { username, email, name }: PasswordOwner): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  return [username, email, email.split('@')[0] ?? '', name, ...name.split(/\s+/)]
    .map((part) => part.normalize('NFKC').toLowerCase().trim())
    .some((part) => Array.from(part).length >= MIN_TELLTALE_LENGTH && text.includes(part));
}
