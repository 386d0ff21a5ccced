import { isDjangoHash, verifyDjangoHash } from '../django/django-hash.ts';
import { isScryptHash, verifyScryptHash } from './scrypt-hash.ts';

/** The formats that an import accepts, for messages. */
export const ACCEPTED_HASHES =
  'bcrypt ($2a$, $2b$, $2y$), argon2 ($argon2id$, $argon2i$), scrypt ($scrypt$ln=…, scrypt:N:r:p:salt:hash, scrypt:N:r:p$salt$hash) and Django’s';

/** Whether this is a hash of another framework that a password can match: of a supported format and cost. */
export const isForeignHash = (stored: string): boolean => isDjangoHash(stored) || isScryptHash(stored);

/**
 * Other frameworks hash passwords as typed; we normalize to NFC. Trying both keeps users from being locked out who have always typed ü as two
 * code points. The time this takes depends on the password, not on the account.
 */
export async function verifyForeignHash(stored: string, password: string): Promise<boolean> {
  if (!isScryptHash(stored)) return verifyDjangoHash(stored, password);
  if (await verifyScryptHash(stored, password)) return true;
  const normalized = password.normalize('NFC');
  return normalized !== password && verifyScryptHash(stored, normalized);
}

/**
 * A hash in the form in which it is stored until the user's first sign-in here; undefined if no password could be checked against it.
 * Bcrypt and argon2 get Django's prefix: it says that the password was hashed elsewhere, as it was typed.
 */
export function storedForeignHash(hash: string): string | undefined {
  const stored = /^\$2[aby]\$/.test(hash) ? `bcrypt$${hash}` : /^\$argon2(?:id|i|d)\$/.test(hash) ? `argon2${hash}` : hash;
  return stored.length <= MAX_LENGTH && isForeignHash(stored) ? stored : undefined;
}

/** The width of the column. */
const MAX_LENGTH = 255;
