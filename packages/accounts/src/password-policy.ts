import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIELD_MESSAGES, MAX_PASSWORD_BYTES } from '@gatehouse/contract';

/** In code points after NFC (ASVS 6.2.1). */
export const MIN_PASSWORD_LENGTH = 8;

/** Shorter parts of a name occur in good passwords by chance. */
const MIN_NAME_PART_LENGTH = 4;

export interface PasswordOwner {
  readonly username: string;
  readonly email: string;
  readonly name: string;
}

/**
 * Whether a password can be hashed: it has a bounded length and nothing that a hash may drop, which would make two passwords equal.
 * Check this before any hashing.
 */
export const isHashable = (password: unknown): password is string =>
  typeof password === 'string' &&
  // UTF-8 has at least one byte per UTF-16 unit, so check the cheap length first.
  password.length <= MAX_PASSWORD_BYTES &&
  Buffer.byteLength(password) <= MAX_PASSWORD_BYTES &&
  !password.includes('\0') &&
  password.isWellFormed();

/**
 * Why a password may not be set; empty if it may. Checks length and lists, without composition rules (ASVS 6.2, NIST SP 800-63B 3.1.1).
 * Not applied at sign-in, so existing passwords stay usable.
 */
export function passwordProblems(password: string, owner: PasswordOwner): string[] {
  if (!isHashable(password)) return [`A password can have at most ${MAX_PASSWORD_BYTES} bytes, and no characters that cannot be typed.`];
  const problems: string[] = [];
  if (Array.from(password.normalize('NFC')).length < MIN_PASSWORD_LENGTH) problems.push(FIELD_MESSAGES.PASSWORD_TOO_SHORT);
  else if (isCommonPassword(password)) problems.push(FIELD_MESSAGES.PASSWORD_COMMON);
  if (containsOwner(password, owner)) problems.push(FIELD_MESSAGES.PASSWORD_CONTAINS_OWNER);
  return problems;
}

let commonPasswords: Set<string> | undefined;

/** Case-insensitive (ASVS 6.2.4, which requires the top 3000). */
function isCommonPassword(password: string): boolean {
  commonPasswords ??= new Set(readFileSync(join(import.meta.dirname, '..', 'common-passwords.txt'), 'utf8').split('\n'));
  return commonPasswords.has(password.normalize('NFKC').toLowerCase());
}

function containsOwner(password: string, { username, email, name }: PasswordOwner): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  return [username, email, email.split('@')[0] ?? '', name, ...name.split(/\s+/)]
    .map((part) => part.normalize('NFKC').toLowerCase().trim())
    .some((part) => Array.from(part).length >= MIN_NAME_PART_LENGTH && text.includes(part));
}
