import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  lstatSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { replaceEnvFile, withValue } from './env-file-edit.ts';

test.each([
  ['a plain value', 'A=1\nKEY=old # why\nB=2\n', 'A=1\nKEY=new # why\nB=2\n'],
  ['a quoted value', 'KEY="old"  # why\nB=2', 'KEY="new"  # why\nB=2'],
  ['export and spaces', '  export KEY = old\n', '  export KEY = new\n'],
  ['an empty value', 'KEY=\nB=2\n', 'KEY=new\nB=2\n'],
  ['Windows line endings', 'A=1\r\nKEY=old\r\nB=2\r\n', 'A=1\r\nKEY=new\r\nB=2\r\n'],
  ['a value of several lines before it', 'A="x\nKEY=inside\ny"\nKEY=old\n', 'A="x\nKEY=inside\ny"\nKEY=new\n'],
  ['the commented line of .env.example', '# What it is.\n#KEY=\n\nB=2\n', '# What it is.\n#KEY=\nKEY=new\n\nB=2\n'],
  ['no line for it', 'A=1', 'A=1\nKEY=new\n'],
  ['an empty file', '', 'KEY=new\n'],
  ['a longer name', 'KEY_TWO=1\nMY_KEY=2\n', 'KEY_TWO=1\nMY_KEY=2\nKEY=new\n'],
])('a value is replaced in place: %s', (_, before, after) => {
  expect(withValue(before, 'KEY', 'new')).toBe(after);
});

test.each(['with space', 'a#b', `it's`, 'a"b', 'back\\nslash', '`tick`'])('the value %s is quoted so that it is read back', (value) => {
  expect(withValue('A=1\nKEY=old\n', 'KEY', value)).toMatch(/^A=1\nKEY=['"`].*['"`]\n$/);
});

test('a file that would be damaged is refused', () => {
  expect(() => withValue('KEY=old\n', 'KEY', `a\n'"\``)).toThrow('KEY cannot be changed in this file');
  // The parser takes the last one.
  expect(() => withValue('KEY=one\nKEY=two\n', 'KEY', 'new')).toThrow('KEY cannot be changed in this file');
});

function envFile(text: string, mode: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-env-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, '.env'), text);
  chmodSync(join(folder, '.env'), mode);
  return folder;
}

test('the file is replaced as a whole, with its mode, and a symbolic link stays one', () => {
  const folder = envFile('A=1\n', 0o640);
  const link = join(folder, 'link');
  symlinkSync('.env', link);
  const { ino } = statSync(link);
  replaceEnvFile(link, { before: 'A=1\n', after: 'A=2\n' });
  expect(readFileSync(join(folder, '.env'), 'utf8')).toBe('A=2\n');
  expect(statSync(link).mode & 0o777).toBe(0o640);
  expect(statSync(link).ino).not.toBe(ino);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readdirSync(folder).toSorted()).toEqual(['.env', 'link']);
});

test('a new file can be read by its owner only', () => {
  const folder = envFile('', 0o600);
  replaceEnvFile(join(folder, 'new'), { before: undefined, after: 'A=1\n' });
  expect(statSync(join(folder, 'new')).mode & 0o777).toBe(0o600);
});

test('a file that was changed meanwhile is not overwritten, and no copy with a secret is left', () => {
  const folder = envFile('A=1\nB=2\n', 0o600);
  expect(() => replaceEnvFile(join(folder, '.env'), { before: 'A=1\n', after: 'A=2\n' })).toThrow(/Somebody else has just changed/);
  expect(readFileSync(join(folder, '.env'), 'utf8')).toBe('A=1\nB=2\n');
  expect(readdirSync(folder)).toEqual(['.env']);
});

test.skipIf(!existsSync('/proc/self/comm'))('a folder that takes no new file is named, and the file is unchanged', () => {
  // Nobody can create a file in the folders of /proc, not even root.
  const path = `/proc/${process.pid}/comm`;
  const before = readFileSync(path, 'utf8');
  expect(() => replaceEnvFile(path, { before, after: 'A=2\n' })).toThrow(`can write to the folder ${dirname(path)}`);
  expect(readFileSync(path, 'utf8')).toBe(before);
});
