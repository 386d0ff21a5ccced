import { createHash, pbkdf2, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { verify as verifyArgon2 } from '@node-rs/argon2';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';
import { argon2Cost } from '../argon2-cost.ts';

const derivePbkdf2 = promisify(pbkdf2);
const deriveScrypt = promisify<string, string, number, ScryptOptions, Buffer>(scrypt);

/** Whether the password is the one that was hashed. */
type Verifier = (password: string) => Promise<boolean>;

/**
 * The hashes that Django stores, until their owner's first sign-in here.
 * https://docs.djangoproject.com/en/5.2/topics/auth/passwords/#how-django-stores-passwords
 *
 * Each is read by a pattern and bounded before any work: a row of a database from elsewhere that asks for 4 GB or 10⁹
 * rounds must not get them. The bounds are several times what any Django has asked for.
 */
const FORMATS: readonly { readonly pattern: RegExp; readonly verifier: (groups: Record<string, string>) => Verifier | undefined }[] = [
  {
    /** Django 6.1 asks for 1,500,000 rounds. */
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
      const options = { N: Number(n), r: Number(r), p: Number(p) };
      const bytes = 128 * options.N * options.r;
      const isPowerOfTwo = options.N > 1 && (options.N & (options.N - 1)) === 0;
      if (!isPowerOfTwo || bytes > MAX_SCRYPT_BYTES || options.p > MAX_SCRYPT_PARALLELISM) return undefined;
      // OpenSSL counts some more than the bytes themselves.
      return matches(hash, 64, (password) => deriveScrypt(password, salt, 64, { ...options, maxmem: 2 * MAX_SCRYPT_BYTES }));
    },
  },
  {
    /** What follows `argon2` is a PHC string; old ones are argon2i, the oldest without a version. */
    pattern: /^argon2(?<phc>\$argon2(?:id|i|d)\$.+)$/,
    verifier: ({ phc = '' }) => (argon2Cost(phc) ? (password) => verifyArgon2(phc, password) : undefined),
  },
  {
    /** `bcrypt_sha256` hashes the hexadecimal SHA-256 of the password, so that bcrypt does not cut it at 72 bytes; `bcrypt` is cut. */
    pattern: /^bcrypt(?<sha256>_sha256)?\$(?<crypt>\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{53})$/,
    verifier({ sha256, crypt = '', cost }) {
      if (Number(cost) < 4 || Number(cost) > MAX_BCRYPT_COST) return undefined;
      return (password) => verifyBcrypt(sha256 ? createHash('sha256').update(password).digest('hex') : password, crypt);
    },
  },
];

const MAX_PBKDF2_ROUNDS = 10_000_000;
const MAX_SCRYPT_BYTES = 128 * 2 ** 20;
const MAX_SCRYPT_PARALLELISM = 16;
/** Each one more is twice the work; Django asks for 12. */
const MAX_BCRYPT_COST = 16;

function verifierOf(stored: string): Verifier | undefined {
  for (const { pattern, verifier } of FORMATS) {
    const match = pattern.exec(stored);
    if (match) return verifier({ ...match.groups });
  }
  return undefined;
}

/** A hash of Django's that a password can fit: not `!`, not one of a kind or a cost that is not supported. */
export const isDjangoHash = (stored: string): boolean => verifierOf(stored) !== undefined;

/**
 * Django hashed what was typed, in whichever form a keyboard sent it; here passwords are NFC. Both are tried, so that nobody is
 * locked out who typed ü as two code points all along. How long it takes depends on the password, not on the account.
 */
export async function verifyDjangoHash(stored: string, password: string): Promise<boolean> {
  const verify = verifierOf(stored);
  if (!verify) return false;
  if (await verify(password)) return true;
  const normalized = password.normalize('NFC');
  return normalized !== password && verify(normalized);
}

/** Compares with a base64 hash in a time that does not depend on where they differ. */
function matches(hash: string, length: number, derive: (password: string) => Promise<Buffer>): Verifier | undefined {
  const expected = Buffer.from(hash, 'base64');
  if (expected.length !== length) return undefined;
  return async (password) => timingSafeEqual(expected, await derive(password));
}
