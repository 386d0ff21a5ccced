import { createAccounts } from '@gatehouse/accounts';
import { openDatabase } from '@gatehouse/prisma';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cliAtTerminal, hasTerminals } from '../../test-support/at-terminal.ts';
import { runCli } from '../../test-support/run-cli.ts';
import { temporaryInstallation } from '../../test-support/temporary-installation.ts';

const installation = temporaryInstallation();
afterAll(installation.remove);

const run = (args: readonly string[], { input = '', ...env }: Record<string, string> = {}) =>
  runCli(args, { env: { ...installation.env, ...env }, input });

beforeAll(async () => {
  expect((await run(['migrate'])).code).toBe(0);
});

async function canSignIn(identifier: string, password: string): Promise<boolean> {
  const database = await openDatabase(installation.env['DATABASE_URL'] ?? '');
  try {
    return (await createAccounts({ database }).authenticate({ identifier, password })).ok;
  } finally {
    await database.close();
  }
}

const ENV = {
  GATEHOUSE_SUPERUSER_USERNAME: 'ada',
  GATEHOUSE_SUPERUSER_EMAIL: 'ada@example.org',
  GATEHOUSE_SUPERUSER_PASSWORD: ' Zebra crossing 東京 ',
};

test('createsuperuser --no-input takes all values from the environment, and creates an administrator', async () => {
  const created = await run(['createsuperuser', '--no-input', '--json'], ENV);
  expect(created.code).toBe(0);
  expect(created.json()).toMatchObject({ user: { username: 'ada', email: 'ada@example.org', name: 'ada', role: 'admin' } });
  expect(created.stdout + created.stderr).not.toContain('Zebra');
  // The spaces at its ends are part of the password.
  expect(await canSignIn('ada', ENV.GATEHOUSE_SUPERUSER_PASSWORD)).toBe(true);
  expect(await run(['createsuperuser', '--no-input'], ENV)).toMatchObject({ code: 1, stderr: 'This user name is taken.\n' });
});

test('arguments and a piped password have precedence over the environment', async () => {
  const password = 'Umbrella orchestra 7';
  const args = ['createsuperuser', 'bob', '--email', 'bob@example.org', '--name', 'Bob', '--password-stdin'];
  expect(await run(args, { ...ENV, input: `${password}\n` })).toMatchObject({
    code: 0,
    stdout: 'Created the account bob (bob@example.org), admin.\n',
  });
  expect(await canSignIn('bob', password)).toBe(true);
});

test.each<[string, string[], Record<string, string>, number, RegExp]>([
  [
    'a weak password',
    [],
    {
      ...ENV,
      GATEHOUSE_SUPERUSER_USERNAME: 'eve',
      GATEHOUSE_SUPERUSER_EMAIL: 'eve@example.org',
      GATEHOUSE_SUPERUSER_PASSWORD: 'password1',
    },
    1,
    /^This password is one of/,
  ],
  ['a short password', ['eve', '--email', 'eve@example.org', '--password-stdin'], { input: 'short' }, 1, /at least \d+ characters/],
  ['a missing user name', [], {}, 2, /no terminal for a prompt\. Pass the user name/],
  ['a missing e-mail address', ['eve', '--no-input'], {}, 2, /^With --no-input, there are no prompts\. Pass --email\.\n$/],
  ['a missing password', ['eve', '--email', 'eve@example.org', '--no-input'], {}, 2, /^With --no-input, .*--password-stdin/],
])('createsuperuser refuses %s, and creates no account', async (_, args, env, code, message) => {
  const result = await run(['createsuperuser', ...args], env);
  expect(result).toMatchObject({ code, stdout: '' });
  expect(result.stderr).toMatch(message);
  expect((await run(['users', 'list', '--json'])).stdout).not.toContain('"eve"');
});

test.skipIf(!hasTerminals())('at a terminal, createsuperuser asks for what is missing, and again if the password is weak', async () => {
  const terminal = cliAtTerminal(['createsuperuser', '--email', 'grace@example.org'], { env: installation.env });
  const answer = async (question: string, text: string): Promise<void> => {
    await terminal.see(question);
    terminal.type(`${text}\r`);
  };
  await answer('User name', 'grace');
  await answer('Name (Enter for grace)', 'Grace H.');
  await answer('New password', 'password1');
  await answer('Repeat the new password', 'password1');
  await terminal.see('This password is one of');
  await answer('New password', 'Violet harbour 42');
  await answer('Repeat the new password', 'Violet harbour 42');
  await terminal.see('Created the account grace (grace@example.org), admin.');
  expect(await terminal.exited).toBe(0);
  expect(terminal.output()).not.toContain('Violet');
  expect(await canSignIn('grace', 'Violet harbour 42')).toBe(true);
});
