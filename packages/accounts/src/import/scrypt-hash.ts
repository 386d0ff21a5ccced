import { scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string | Buffer, string | Buffer, number, ScryptOptions, Buffer>(scrypt);

export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

const MAX_BYTES = 128 * 2 ** 20;
const MAX_PARALLELISM = 16;
const HASH_LENGTHS: readonly number[] = [32, 64];

/** Checked before any work is done: a stored hash may demand any amount of memory. The limit is several times what is in use. */
export const isScryptAffordable = ({ N, r, p }: ScryptCost): boolean =>
  N > 1 && Number.isInteger(Math.log2(N)) && r > 0 && p > 0 && 128 * N * r <= MAX_BYTES && p <= MAX_PARALLELISM;

/** OpenSSL's own limit includes some overhead. */
export const deriveScrypt = (password: string, salt: string | Buffer, length: number, cost: ScryptCost): Promise<Buffer> =>
  derive(password, salt, length, { ...cost, maxmem: 2 * MAX_BYTES });

interface ScryptHash extends ScryptCost {
  /** All are tried: the formats do not say what was hashed. */
  readonly salts: readonly (string | Buffer)[];
  readonly expected: Buffer;
}

const number = (text: string | undefined): number => Number(text);

const FORMATS: readonly { readonly pattern: RegExp; readonly read: (groups: Record<string, string>) => ScryptHash }[] = [
  {
    /** `$scrypt$ln=14,r=8,p=1$salt$hash`, base64 without padding: the PHC string format, of passlib and others. */
    pattern: /^\$scrypt\$ln=(?<ln>[1-9]\d?),r=(?<r>[1-9]\d?),p=(?<p>[1-9]\d?)\$(?<salt>[A-Za-z0-9+/]+)\$(?<hash>[A-Za-z0-9+/]+)$/,
    read: ({ ln, r, p, salt = '', hash = '' }) => ({
      N: 2 ** number(ln),
      r: number(r),
      p: number(p),
      salts: [Buffer.from(salt, 'base64')],
      expected: Buffer.from(hash, 'base64'),
    }),
  },
  {
    /** `scrypt:16384:8:1:salt:hash`, both hexadecimal or both base64. Node apps pass either the bytes or their text to `scrypt` as salt. */
    pattern: /^scrypt:(?<n>[1-9]\d{0,7}):(?<r>[1-9]\d?):(?<p>[1-9]\d?):(?<salt>[\w+/=-]+):(?<hash>[\w+/=-]+)$/,
    read({ n, r, p, salt = '', hash = '' }) {
      const isHex = [salt, hash].every((text) => /^(?:[0-9a-f]{2})+$/i.test(text));
      const encoding = isHex ? 'hex' : 'base64';
      return {
        N: number(n),
        r: number(r),
        p: number(p),
        salts: [Buffer.from(salt, encoding), salt],
        expected: Buffer.from(hash, encoding),
      };
    },
  },
  {
    /** `scrypt:32768:8:1$salt$hash`, the salt as text and the hash in hexadecimal: Werkzeug (Flask). */
    pattern: /^scrypt:(?<n>[1-9]\d{0,7}):(?<r>[1-9]\d?):(?<p>[1-9]\d?)\$(?<salt>[^$]+)\$(?<hash>(?:[0-9a-f]{2})+)$/,
    read: ({ n, r, p, salt = '', hash = '' }) => ({
      N: number(n),
      r: number(r),
      p: number(p),
      salts: [salt],
      expected: Buffer.from(hash, 'hex'),
    }),
  },
];

function readHash(stored: string): ScryptHash | undefined {
  for (const { pattern, read } of FORMATS) {
    const match = pattern.exec(stored);
    if (!match) continue;
    const hash = read({ ...match.groups });
    return isScryptAffordable(hash) && HASH_LENGTHS.includes(hash.expected.length) ? hash : undefined;
  }
  return undefined;
}

/** Whether this is an scrypt hash in a format of another framework, of a length and cost that are supported. */
export const isScryptHash = (stored: string): boolean => readHash(stored) !== undefined;

export async function verifyScryptHash(stored: string, password: string): Promise<boolean> {
  const hash = readHash(stored);
  if (!hash) return false;
  const { salts, expected } = hash;
  // One after the other, because each takes the memory that the hash demands.
  for (const salt of salts) {
    if (timingSafeEqual(expected, await deriveScrypt(password, salt, expected.length, hash))) return true;
  }
  return false;
}
