import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CookieJar as ToughJar, type SerializedCookieJar } from 'tough-cookie';
import { createJar, type CookieJar, type JarsByOrigin } from './cookie-jar.ts';

/** The cookie file cannot be used. The message says why and how to fix it, and contains no cookies. */
export class CookieFileError extends Error {
  override readonly name = 'CookieFileError';
}

/**
 * Keeps cookies in a file that only its owner can read (mode 0600). Each change replaces the file atomically.
 * @throws {CookieFileError} if other users can read the file, or if it is not a cookie file.
 */
export function fileCookieJar(path: string): CookieJar {
  const jars = readJars(path);
  return createJar(jars, () => writeJars(path, jars));
}

function readJars(path: string): JarsByOrigin {
  let text: string;
  try {
    // Windows has no permission bits: the file is as private as its folder.
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      throw new CookieFileError(`Other users can read the cookies in ${path}. To fix this: chmod 600 ${path}`);
    }
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof CookieFileError) throw error;
    if (codeOf(error) === 'ENOENT') return new Map();
    throw new CookieFileError(`The cookies in ${path} cannot be read (${codeOf(error)}).`, { cause: error });
  }
  try {
    const { origins } = JSON.parse(text) as { origins: Record<string, SerializedCookieJar> };
    return new Map(Object.entries(origins).map(([origin, jar]) => [new URL(origin).origin, ToughJar.deserializeSync(jar)]));
  } catch (error) {
    throw new CookieFileError(`${path} is not a cookie file. Remove it and sign in again: rm ${path}`, { cause: error });
  }
}

function writeJars(path: string, jars: JarsByOrigin): void {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const origins = Object.fromEntries([...jars].map(([origin, jar]) => [origin, jar.serializeSync()]));
    writeFileSync(temporary, `${JSON.stringify({ origins }, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new CookieFileError(`The cookies cannot be saved in ${path} (${codeOf(error)}).`, { cause: error });
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown error';
