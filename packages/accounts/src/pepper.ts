import { createHash, createHmac } from 'node:crypto';

interface Peppering {
  /** Before the hash in storage: by which pepper it was made, without saying anything of it. */
  readonly prefix: string;
  /** What is hashed in the place of the password. */
  readonly season: (password: string) => string;
}

const PLAIN: Peppering = { prefix: '', season: (password) => password };

/**
 * HMAC-SHA-256 of the password before it is hashed, by a secret that is not in the database: whoever has stolen that alone
 * cannot even begin to guess. Losing the secret loses every password.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#peppering
 */
export function peppering(pepper: string | undefined): Peppering {
  if (pepper === undefined) return PLAIN;
  const name = createHash('sha256').update(`name of ${pepper}`).digest('base64url').slice(0, 8);
  return { prefix: `pepper:${name}`, season: (password) => createHmac('sha256', pepper).update(password).digest('base64') };
}

/** A stored hash without its prefix, and how its password was seasoned; undefined: by a pepper that is none of these. */
export function pepperedWith(stored: string, peppers: readonly string[]): (Peppering & { readonly phc: string }) | undefined {
  const phc = stored.slice(Math.max(0, stored.indexOf('$')));
  const found = [PLAIN, ...peppers.map(peppering)].find(({ prefix }) => prefix + phc === stored);
  return found && { ...found, phc };
}
