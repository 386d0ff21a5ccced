import { expect, test } from 'vitest';
import { ALICE } from '../test-support/temporary-accounts.ts';
import { passwordProblems } from './password-policy.ts';

const problems = (password: string): string[] => passwordProblems(password, ALICE);

test('security 13: any password from 8 characters to 1,024 bytes is allowed, without composition rules', () => {
  const fine = [
    'zqwvkxjy',
    'all lower case words',
    '        x',
    '日本語のパスワード',
    '🦊🦉🐢🦊🦉🐢🦊🦉',
    'x'.repeat(512) + 'é'.repeat(256),
  ];
  expect(fine.flatMap(problems)).toEqual([]);
  const short = ['', 'seven77', '🦊🦉🐢🦊🦉🐢🦊', 'e\u0301'.repeat(7)];
  expect(short.map(problems)).toEqual(short.map(() => ['Use at least 8 characters.']));
  const long = ['x'.repeat(1025), 'é'.repeat(513)];
  expect(long.map(problems)).toEqual(long.map(() => [expect.stringContaining('at most 1024 bytes')]));
});

test('security 14: common passwords are refused, in any case and width', () => {
  const common = ['password', 'PASSWORD', 'Password1', '12345678', 'qwertyuiop', 'iloveyou', 'ｐａｓｓｗｏｒｄ', 'trustno1'];
  expect(common.map(problems)).toEqual(common.map(() => [expect.stringContaining('most common')]));
});

test("security 14: passwords with the user's name or address are refused", () => {
  const telling = ['alice-in-wonderland', 'my LIDDELL house', 'xx alice@example.com xx', 'ａｌｉｃｅ at home'];
  expect(telling.map(problems)).toEqual(telling.map(() => [expect.stringContaining('must not contain')]));
  // A name of two letters occurs by chance.
  expect(passwordProblems('along the river', { ...ALICE, username: 'al1', email: 'al@example.com', name: 'Al Ng' })).toEqual([]);
});

test('security 18: a megabyte, NULs and lone surrogates are refused in microseconds', () => {
  for (const password of ['x'.repeat(1_000_000), '\0'.repeat(20), 'lone surrogate \ud800']) {
    const times = Array.from({ length: 100 }, () => {
      const started = performance.now();
      problems(password);
      return performance.now() - started;
    });
    expect(problems(password)).toEqual([expect.stringContaining('at most 1024 bytes')]);
    // The fastest of several runs, because other processes slow some down.
    expect(Math.min(...times)).toBeLessThan(0.1);
  }
});
