import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { withEnvFile, readEnvFile } from './env-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-env-'));
afterAll(() => rmSync(folder, { recursive: true }));

function envFile(text: string) {
  const path = join(folder, '.env');
  writeFileSync(path, text);
  return readEnvFile(path);
}

test('a missing file sets nothing', () => {
  expect(readEnvFile(join(folder, 'absent'))).toEqual({});
});

test('comments, quotes, export, multiple lines, a byte order mark and Windows line ends are supported', () => {
  expect(envFile('\uFEFF# a comment\r\nPORT=80\r\n\r\nexport HOST = "a b"\r\n')).toEqual({ PORT: '80', HOST: 'a b' });
  expect(envFile('A="one\ntwo"\nB=\'#3\' # three\n')).toEqual({ A: 'one\ntwo', B: '#3' });
});

test.each([
  ['PORT 80', '.env line 1 is not NAME=value.'],
  ['A=1\n\nPORT: 80', '.env line 3 is not NAME=value.'],
  ['A=1\n=2', '.env line 2 is not NAME=value.'],
  ['A="one\nB=2', '.env line 1 opens a quote (") that is never closed.'],
  ['A=1\nB=2\nA=3', '.env line 3 sets A again, after line 1.'],
])('%j is an error with a line number', (text, message) => {
  expect(() => envFile(text)).toThrow(message);
});

test('the message does not show the line, which may be part of a secret', () => {
  expect(() => envFile('hunter2')).not.toThrow(/hunter2/);
});

test.each([
  ['PASSWORD_PEPER', 'PASSWORD_PEPPER'],
  ['SESION_SECRET', 'SESSION_SECRET'],
  ['DATABASE_URI', 'DATABASE_URL'],
  ['REDIS_ULR', 'REDIS_URL'],
  ['trust_proxy', 'TRUST_PROXY'],
])('%s, a misspelled name, is a problem with a fix', (typed, meant) => {
  expect(() => envFile(`${typed}=x`)).toThrow(new RegExp(`${typed} is not a setting\\.\\s+Did you mean ${meant}\\?`));
});

test('names of other programs and of tests are ignored', () => {
  const others = { PORTS: '1', HOSTS: 'a', API_URL: 'b', TEST_MYSQL_URL: 'c', CHROMIUM_PATH: 'd', REDIS_URL: 'e' };
  expect(
    envFile(
      Object.entries(others)
        .map((pair) => pair.join('='))
        .join('\n'),
    ),
  ).toEqual(others);
});

test('a folder named .env is a clear problem', () => {
  mkdirSync(join(folder, 'folder'));
  expect(() => readEnvFile(join(folder, 'folder'))).toThrow('.env cannot be read (EISDIR).');
});

test('the environment has precedence over the file', () => {
  const path = join(folder, '.env');
  writeFileSync(path, 'PORT=80\nHOST=a\n');
  expect(withEnvFile({ PORT: '90' }, path)).toEqual({ PORT: '90', HOST: 'a' });
});
