import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CookieFileError, fileCookieJar } from './file-cookie-jar.ts';

const SERVER = new URL('http://localhost:3000/trpc');
const OTHER = new URL('http://localhost:4000/trpc');

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'gatehouse-jar-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

test('a cookie is there for the next process, and for its owner only', () => {
  const path = join(folder(), 'gatehouse', 'cookies.json');
  fileCookieJar(path).receive(SERVER, ['sessionid=abc; Path=/; HttpOnly; SameSite=Lax']);
  expect(fileCookieJar(path).cookieHeader(SERVER)).toBe('sessionid=abc');
  expect(fileCookieJar(path).cookieHeader(OTHER)).toBe('');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(path, '..'))).toEqual(['cookies.json']);
});

test('an expired or forgotten cookie is not left in the file', () => {
  const path = join(folder(), 'cookies.json');
  const jar = fileCookieJar(path);
  jar.receive(SERVER, ['sessionid=first-secret; Path=/']);
  jar.receive(OTHER, ['sessionid=second-secret; Path=/; Max-Age=60']);
  jar.receive(SERVER, ['sessionid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT']);
  expect(readFileSync(path, 'utf8')).not.toContain('localhost:3000');
  expect(readFileSync(path, 'utf8')).toContain('second-secret');
  jar.forget(OTHER);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ origins: {} });
});

test('a file that others may read is refused with the mend', () => {
  const path = join(folder(), 'cookies.json');
  fileCookieJar(path).receive(SERVER, ['sessionid=abc; Path=/']);
  chmodSync(path, 0o640);
  expect(() => fileCookieJar(path)).toThrow(`Others may read the cookies in ${path}. Close it to them: chmod 600 ${path}`);
});

test.each(['', '{', '[]', '{"origins":{"nonsense":{}}}', '{"origins":{"http://localhost:3000":{"cookies":5}}}', '\0\0\0'])(
  '%j is not a file of cookies',
  (text) => {
    const path = join(folder(), 'cookies.json');
    writeFileSync(path, text, { mode: 0o600 });
    expect(() => fileCookieJar(path)).toThrow(`${path} is not a file of cookies. Remove it and sign in again: rm ${path}`);
  },
);

test('a place that cannot be written to is a clear error, and no draft is left', () => {
  const inTheWay = join(folder(), 'file');
  writeFileSync(inTheWay, '');
  const jar = () => fileCookieJar(join(inTheWay, 'cookies.json'));
  expect(jar).toThrow(CookieFileError);

  const path = join(folder(), 'cookies.json');
  const late = fileCookieJar(path);
  mkdirSync(path);
  expect(() => late.receive(SERVER, ['sessionid=abc; Path=/'])).toThrow(/cannot be kept in .* \(E[A-Z]+\)/);
  expect(readdirSync(join(path, '..'))).toEqual(['cookies.json']);
});
