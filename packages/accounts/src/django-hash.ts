import { pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);

/** `pbkdf2_sha256$<iterations>$<salt>$<base64>`: accounts that came from Django, until their first sign-in here. */
const FORMAT = /^pbkdf2_sha256\$(?<iterations>[1-9]\d{0,6})\$(?<salt>[^$]+)\$(?<digest>[A-Za-z0-9+/]+={0,2})$/;

export const isDjangoHash = (hash: string): boolean => FORMAT.test(hash);

/** https://docs.djangoproject.com/en/5.2/topics/auth/passwords/#how-django-stores-passwords */
export async function verifyDjangoHash(hash: string, password: string): Promise<boolean> {
  const { iterations, salt, digest } = FORMAT.exec(hash)?.groups ?? {};
  if (iterations === undefined || salt === undefined || digest === undefined) return false;
  const expected = Buffer.from(digest, 'base64');
  const actual = await derive(password, salt, Number(iterations), 32, 'sha256');
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
