import { createHash, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { verify as verifyArgon2 } from '@node-rs/argon2';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';
import { argon2Cost } from '../argon2-cost.ts';
import { deriveScrypt, isScryptAffordable } from '../import/scrypt-hash.ts';

const derivePbkdf2 = promisify(pbkdf2);

/** Whether the password matches the hash. */
type Verifier = (password: string) => Promise<boolean>;

/**
 * Django's hash formats, which imported accounts keep until their first sign-in here.
 * https://docs.djangoproject.com/en/5.2/topics/auth/passwords/#how-django-stores-passwords
 *
 * The cost is limited before any work is done: an imported row that demands 4 GB or 10⁹ rounds is a denial of service. The limits are
 * several times what any version of Django uses.
 */
const FORMATS: readonly { readonly pattern: RegExp; readonly verifier: (groups: Record<string, string>) => Verifier | undefined }[] = [
  {
    /** Django 6.1 uses 1,500,000 rounds. */
    pattern: /^pbkdf2_(?<digest>sha256|sha1)\$(?<rounds>[1-9]\d{0,7})\$(?<salt>[^$]+)\$(?<hash>[A-Za-z0-9+/]+={0,2})$/,
    verifier({ digest = '', rounds, salt = '', hash = '' }) {
      if (Number(rounds) > MAX_PBKDF2_ROUNDS) return undefined;
      const length = digest === 'sha1' ? 20 : 32;
      return matches(hash, length, (password) => derivePbkdf2(password, salt, Number(rounds), length, digest));
    },
  },
  {
    /** The order is Django's own: work factor, salt, block size, parallelism. */
    pattern: /^scrypt\$(?<n>[1-9]\d{0,7})\$(?<salt>[^$]+)\$(?<r>[1-9]\d?)\$(?<p>[1-9]\d?)\$(?<hash>[A-Za-z0-9+/]+={0,2})$/,
    verifier({ n, salt = '', r, p, hash = '' }) {
      const cost = { N: Number(n), r: Number(r), p: Number(p) };
      return isScryptAffordable(cost) ? matches(hash, 64, (password) => deriveScrypt(password, salt, 64, cost)) : undefined;
    },
  },
  {
    /** `argon2` is followed by a PHC string. Old hashes are argon2i, the oldest without a version. */
    pattern: /^argon2(?<phc>\$argon2(?:id|i|d)\$.+)$/,
    verifier: ({ phc = '' }) => (argon2Cost(phc) ? (password) => verifyArgon2(phc, password) : undefined),
  },
  {
    /** bcrypt ignores everything after 72 bytes, so `bcrypt_sha256` hashes the hexadecimal SHA-256 of the password. */
    pattern: /^bcrypt(?<sha256>_sha256)?\$(?<crypt>\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{53})$/,
    verifier({ sha256, crypt = '', cost }) {
      if (Number(cost) < 4 || Number(cost) > MAX_BCRYPT_COST) return undefined;
      return (password) => verifyBcrypt(sha256 ? createHash('sha256').update(password).digest('hex') : password, crypt);
    },
  },
];

const MAX_PBKDF2_ROUNDS = 10_000_000;
/** Each step doubles the work; Django uses 12. */
const MAX_BCRYPT_COST = 16;

function verifierOf(stored: string): Verifier | undefined {
  for (const { pattern, verifier } of FORMATS) {
    const match = pattern.exec(stored);
    if (match) return verifier({ ...match.groups });
  }
  return undefined;
}

/** Whether this is a Django hash that a password can match: not `!`, and of a supported format and cost. */
export const isDjangoHash = (stored: string): boolean => verifierOf(stored) !== undefined;

/**
 * Django hashes passwords as typed, without normalization; we normalize to NFC. Trying both keeps users from being locked out who have
 * always typed ü as two code points. The time this takes depends on the password, not on the account.
 */
export async function verifyDjangoHash(stored: string, password: string): Promise<boolean> {
  const verify = verifierOf(stored);
  if (!verify) return false;
  if (await verify(password)) return true;
  const normalized = password.normalize('NFC');
  return normalized !== password && verify(normalized);
}

/** Compares with a base64 hash in constant time. */
function matches(hash: string, length: number, derive: (password: string) => Promise<Buffer>): Verifier | undefined {
  const expected = Buffer.from(hash, 'base64');
  if (expected.length !== length) return undefined;
  return async (password) => timingSafeEqual(expected, await derive(password));
}
