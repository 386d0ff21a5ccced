import { existsSync } from 'node:fs';
import { defaultAttributes } from '@gatehouse/contract';
import { createAccounts } from '@gatehouse/accounts';
import { openDatabase } from '@gatehouse/prisma';
import { afterAll, expect, test } from 'vitest';
import { runCli, spawnCli } from '../../test-support/run-cli.ts';
import { temporaryPlace } from '../../test-support/temporary-place.ts';

const place = temporaryPlace();
afterAll(place.remove);

const run = (args: string[], input = '') => runCli(args, { env: place.env, input });

async function canSignIn(identifier: string, password: string): Promise<boolean> {
  const database = await openDatabase(place.env['DATABASE_URL'] ?? '');
  try {
    return (await createAccounts({ database }).authenticate({ identifier, password })).ok;
  } finally {
    await database.close();
  }
}

test('without a database every command says which one to run, and makes none', async () => {
  const results = await Promise.all([run(['sessions', 'count']), run(['migrate', '--check'])]);
  for (const { code, stdout, stderr } of results) {
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^There is no database at .*gatehouse\.db\. Make it: gatehouse migrate\n$/);
  }
  expect(existsSync(place.folder + '/data')).toBe(false);
});

test('a database that lacks migrations is refused by every command but migrate', async () => {
  await (await openDatabase(place.env['DATABASE_URL'] ?? '')).close();
  const [count, check] = await Promise.all([run(['sessions', 'count', '--json']), run(['migrate', '--check', '--json'])]);
  expect(count.code).toBe(1);
  expect(JSON.parse(count.stderr)).toEqual({
    error: { code: 'MIGRATIONS_PENDING', message: expect.stringContaining('gatehouse migrate') as string },
  });
  expect(check.code).toBe(1);
  expect((check.json() as { pending: string[] }).pending).not.toEqual([]);
});

test('migrate applies what is lacking, once', async () => {
  const first = await run(['migrate', '--json']);
  expect(first.code).toBe(0);
  expect((first.json() as { applied: string[] }).applied).not.toEqual([]);
  expect(await run(['migrate', '--check', '--json'])).toMatchObject({ code: 0, stdout: '{\n  "pending": []\n}\n' });
});

test('createuser reads the password from a pipe, without its line end, and never shows it', async () => {
  const password = 'Zebra crossing 東京';
  const made = await spawnCli(
    ['createuser', 'ada', '--email', 'ada@example.org', '--name', 'Ada L.', '--role', 'admin', '--password-stdin', '--json'],
    { env: place.env, input: `${password}\n` },
  );
  expect(made.code).toBe(0);
  expect(made.json()).toEqual({
    user: {
      id: expect.any(String) as string,
      username: 'ada',
      email: 'ada@example.org',
      name: 'Ada L.',
      role: 'admin',
      status: 'active',
      attributes: defaultAttributes(),
    },
  });
  expect(made.stdout + made.stderr).not.toContain('Zebra');
  expect(await canSignIn('ADA@example.org', password)).toBe(true);
});

test('createuser makes a password of at least 112 bits and shows it once', async () => {
  const made = await run(['createuser', 'bob', '--email', 'bob@example.org', '--generate-password', '--json']);
  const { password } = made.json() as { password: string };
  // 31 different characters: 23 of them carry 113 bits.
  expect(password.replaceAll('-', '').length).toBeGreaterThanOrEqual(23);
  expect(await canSignIn('bob', password)).toBe(true);
});

test.each<[string, string[], string, number, RegExp]>([
  [
    'a name that is taken',
    ['createuser', 'Ada', '--email', 'x@example.org', '--password-stdin'],
    'good long words',
    1,
    /^This user name is taken\.\n$/,
  ],
  [
    'a common password',
    ['createuser', 'eve', '--email', 'eve@example.org', '--password-stdin'],
    'password1',
    1,
    /^This password is one of/,
  ],
  ['nobody to ask', ['createuser', 'eve', '--email', 'eve@example.org'], '', 2, /no terminal to ask on.*--password-stdin/],
  ['a user there is not', ['changepassword', 'eve\u001b[2J', '--generate-password'], '', 1, /^There is no user eve\.\n$/],
  ['a command there is not', ['sesions'], '', 2, /unknown command 'sesions'\n\(Did you mean sessions\?\)/],
])('%s is refused in a line', async (_, args, input, code, message) => {
  const result = await run(args, input);
  expect(result.stderr).toMatch(message);
  expect(result.stderr).not.toMatch(/\n {4}at /);
  expect(result).toMatchObject({ code, stdout: '' });
});

test('users delete asks, or says what to say; then the account is gone, and the trail says so', async () => {
  const asked = await run(['users', 'delete', 'ada']);
  expect(asked).toMatchObject({ code: 2, stdout: '' });
  expect(asked.stderr).toMatch(/no terminal to ask on.*--yes/);
  const deleted = await run(['users', 'delete', 'ada', '--yes']);
  expect(deleted).toMatchObject({ code: 0, stdout: 'Deleted ada. Ended 0 sessions.\n' });
  expect((await run(['users', 'delete', 'ada', '--yes'])).stderr).toBe('There is no user ada.\n');
  expect((await run(['audit', 'list', '--kind', 'user_deleted', '--json'])).stdout).toContain('"username": "ada"');
});

test('settings that cannot be used are all named, with exit code 1', async () => {
  const { code, stderr } = await spawnCli(['sessions', 'count'], {
    env: { ...place.env, SESSION_COKIE_AGE: '1', DATABASE_URL: 'oracle://root:hunter2@db/x' },
  });
  expect(code).toBe(1);
  for (const name of ['DATABASE_URL', 'SESSION_COKIE_AGE is not a setting', 'Did you mean SESSION_COOKIE_AGE?'])
    expect(stderr).toContain(name);
  expect(stderr).not.toContain('hunter2');
});

test('a database that cannot be opened is exit code 4', async () => {
  const { code, stderr } = await runCli(['sessions', 'count'], { env: { ...place.env, DATABASE_URL: `file:${place.folder}` } });
  expect(code).toBe(4);
  expect(stderr).toMatch(/^The database .* cannot be opened: .*\n$/);
});
