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

test('a cookie is kept for the next process, readable only by its owner', () => {
  const path = join(folder(), 'gatehouse', 'cookies.json');
  fileCookieJar(path).receive(SERVER, ['sessionid=abc; Path=/; HttpOnly; SameSite=Lax']);
  expect(fileCookieJar(path).cookieHeader(SERVER)).toBe('sessionid=abc');
  expect(fileCookieJar(path).cookieHeader(OTHER)).toBe('');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(path, '..'))).toEqual(['cookies.json']);
});

test('an expired or cleared cookie is removed from the file', () => {
  const path = join(folder(), 'cookies.json');
  const jar = fileCookieJar(path);
  jar.receive(SERVER, ['sessionid=first-secret; Path=/']);
  jar.receive(OTHER, ['sessionid=second-secret; Path=/; Max-Age=60']);
  jar.receive(SERVER, ['sessionid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT']);
  expect(readFileSync(path, 'utf8')).not.toContain('localhost:3000');
  expect(readFileSync(path, 'utf8')).toContain('second-secret');
  jar.clear(OTHER);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ origins: {} });
});

test('a file that other users can read is refused, with a fix', () => {
  const path = join(folder(), 'cookies.json');
  fileCookieJar(path).receive(SERVER, ['sessionid=abc; Path=/']);
  chmodSync(path, 0o640);
  expect(() => fileCookieJar(path)).toThrow(`Other users can read the cookies in ${path}. To fix this: chmod 600 ${path}`);
});

test.each(['', '{', '[]', '{"origins":{"nonsense":{}}}', '{"origins":{"http://localhost:3000":{"cookies":5}}}', '\0\0\0'])(
  '%j is not a cookie file',
  (text) => {
    const path = join(folder(), 'cookies.json');
    writeFileSync(path, text, { mode: 0o600 });
    expect(() => fileCookieJar(path)).toThrow(`${path} is not a cookie file. Remove it and sign in again: rm ${path}`);
  },
);

test('a path that cannot be written to is a clear error, and no temporary file is left', () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  const jar = () => fileCookieJar(join(file, 'cookies.json'));
  expect(jar).toThrow(CookieFileError);

  const path = join(folder(), 'cookies.json');
  const jarBefore = fileCookieJar(path);
  mkdirSync(path);
  expect(() => jarBefore.receive(SERVER, ['sessionid=abc; Path=/'])).toThrow(/cannot be saved in .* \(E[A-Z]+\)/);
  expect(readdirSync(join(path, '..'))).toEqual(['cookies.json']);
});
