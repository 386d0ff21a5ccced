import { existsSync } from 'node:fs';
import { defaultAttributes } from '@gatehouse/contract';
import { createAccounts } from '@gatehouse/accounts';
import { openDatabase } from '@gatehouse/prisma';
import { afterAll, expect, test } from 'vitest';
import { runCli, spawnCli } from '../../test-support/run-cli.ts';
import { temporaryInstallation } from '../../test-support/temporary-installation.ts';

const installation = temporaryInstallation();
afterAll(installation.remove);

const run = (args: string[], input = '') => runCli(args, { env: installation.env, input });

async function canSignIn(identifier: string, password: string): Promise<boolean> {
  const database = await openDatabase(installation.env['DATABASE_URL'] ?? '');
  try {
    return (await createAccounts({ database }).authenticate({ identifier, password })).ok;
  } finally {
    await database.close();
  }
}

test('without a database, each command names the command that creates it, and creates none itself', async () => {
  const results = await Promise.all([run(['sessions', 'count']), run(['migrate', '--check'])]);
  for (const { code, stdout, stderr } of results) {
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^There is no database at .*gatehouse\.db\. If the app names its database in code, set DATABASE_URL .* To create one: gatehouse migrate\n$/,
    );
  }
  expect(existsSync(installation.folder + '/data')).toBe(false);
});

test('every command except migrate refuses a database with pending migrations', async () => {
  await (await openDatabase(installation.env['DATABASE_URL'] ?? '')).close();
  const [count, check] = await Promise.all([run(['sessions', 'count', '--json']), run(['migrate', '--check', '--json'])]);
  expect(count.code).toBe(1);
  expect(JSON.parse(count.stderr)).toEqual({
    error: { code: 'MIGRATIONS_PENDING', message: expect.stringContaining('gatehouse migrate') as string },
  });
  expect(check.code).toBe(1);
  expect((check.json() as { pending: string[] }).pending).not.toEqual([]);
});

test('migrate applies pending migrations once', async () => {
  const first = await run(['migrate', '--json']);
  expect(first.code).toBe(0);
  expect((first.json() as { applied: string[] }).applied).not.toEqual([]);
  expect(await run(['migrate', '--check', '--json'])).toMatchObject({ code: 0, stdout: '{\n  "pending": []\n}\n' });
});

test('createuser reads the password from a pipe without the line ending, and never shows it', async () => {
  const password = 'Zebra crossing 東京';
  const created = await spawnCli(
    ['createuser', 'ada', '--email', 'ada@example.org', '--name', 'Ada L.', '--role', 'admin', '--password-stdin', '--json'],
    { env: installation.env, input: `${password}\n` },
  );
  expect(created.code).toBe(0);
  expect(created.json()).toEqual({
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
  expect(created.stdout + created.stderr).not.toContain('Zebra');
  expect(await canSignIn('ADA@example.org', password)).toBe(true);
});

test('createuser generates a password of at least 112 bits and shows it once', async () => {
  const created = await run(['createuser', 'bob', '--email', 'bob@example.org', '--generate-password', '--json']);
  const { password } = created.json() as { password: string };
  // With 31 possible characters, 23 characters have 113 bits.
  expect(password.replaceAll('-', '').length).toBeGreaterThanOrEqual(23);
  expect(await canSignIn('bob', password)).toBe(true);
});

test.each<[string, string[], string, number, RegExp]>([
  [
    'a user name that is taken',
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
  [
    'a missing password without a terminal',
    ['createuser', 'eve', '--email', 'eve@example.org'],
    '',
    2,
    /no terminal for a prompt.*--password-stdin/,
  ],
  ['an unknown user', ['changepassword', 'eve\u001b[2J', '--generate-password'], '', 1, /^There is no user eve\.\n$/],
  ['an unknown command', ['sesions'], '', 2, /unknown command 'sesions'\n\(Did you mean sessions\?\)/],
])('%s is refused in one line', async (_, args, input, code, message) => {
  const result = await run(args, input);
  expect(result.stderr).toMatch(message);
  expect(result.stderr).not.toMatch(/\n {4}at /);
  expect(result).toMatchObject({ code, stdout: '' });
});

test('users delete needs confirmation or --yes, deletes the account and records that', async () => {
  const asked = await run(['users', 'delete', 'ada']);
  expect(asked).toMatchObject({ code: 2, stdout: '' });
  expect(asked.stderr).toMatch(/no terminal for a prompt.*--yes/);
  const deleted = await run(['users', 'delete', 'ada', '--yes']);
  expect(deleted).toMatchObject({ code: 0, stdout: 'Deleted ada. Ended 0 sessions.\n' });
  expect((await run(['users', 'delete', 'ada', '--yes'])).stderr).toBe('There is no user ada.\n');
  expect((await run(['audit', 'list', '--kind', 'user_deleted', '--json'])).stdout).toContain('"username": "ada"');
});

test('all invalid settings are named, with exit code 1', async () => {
  const { code, stderr } = await spawnCli(['sessions', 'count'], {
    env: { ...installation.env, SESSION_COKIE_AGE: '1', DATABASE_URL: 'oracle://root:hunter2@db/x' },
  });
  expect(code).toBe(1);
  for (const name of ['DATABASE_URL', 'SESSION_COKIE_AGE is not a setting', 'Did you mean SESSION_COOKIE_AGE?'])
    expect(stderr).toContain(name);
  expect(stderr).not.toContain('hunter2');
});

test('a database that cannot be opened gives exit code 4', async () => {
  const { code, stderr } = await runCli(['sessions', 'count'], {
    env: { ...installation.env, DATABASE_URL: `file:${installation.folder}` },
  });
  expect(code).toBe(4);
  expect(stderr).toMatch(/^The database .* cannot be opened: .*\n$/);
});
