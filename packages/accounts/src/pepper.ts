import { createHash, createHmac } from 'node:crypto';

interface Pepper {
  /** Stored in front of the hash. Identifies the pepper without revealing anything about it. */
  readonly prefix: string;
  /** What is hashed in place of the password. */
  readonly applyPepper: (password: string) => string;
}

const NO_PEPPER: Pepper = { prefix: '', applyPepper: (password) => password };

/**
 * Replaces the password with its HMAC-SHA-256 before hashing. The key is not in the database, so someone who has stolen only the
 * database cannot even start guessing. Losing the key invalidates every password.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#peppering
 */
export function createPepper(secret: string | undefined): Pepper {
  if (secret === undefined) return NO_PEPPER;
  const name = createHash('sha256').update(`name of ${secret}`).digest('base64url').slice(0, 8);
  return { prefix: `pepper:${name}`, applyPepper: (password) => createHmac('sha256', secret).update(password).digest('base64') };
}

/** The pepper of a stored hash, and the hash without its prefix (`phc`); undefined if its pepper is not among `secrets`. */
export function findPepper(stored: string, secrets: readonly string[]): (Pepper & { readonly phc: string }) | undefined {
  const phc = stored.slice(Math.max(0, stored.indexOf('$')));
  const found = [NO_PEPPER, ...secrets.map(createPepper)].find(({ prefix }) => prefix + phc === stored);
  return found && { ...found, phc };
}
