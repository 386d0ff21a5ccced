import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli } from '../test-support/run-cli.ts';
import { temporaryInstallation } from '../test-support/temporary-installation.ts';
import { EXIT } from './exit-codes.ts';
import { program } from './program.ts';

/** Every command with an action, with its full name. */
function leaves(command: Command, path: readonly string[] = []): [string, Command][] {
  const fullPath = [...path, command.name()];
  return command.commands.length === 0 ? [[fullPath.join(' '), command]] : command.commands.flatMap((child) => leaves(child, fullPath));
}

const commands = leaves(program());

/** Their output is no data. */
const WITHOUT_JSON = ['gatehouse serve', 'gatehouse completion'];

/** Each line of their output is JSON, because they print while they run. */
const JSON_LINES = ['gatehouse events'];

function isJson(name: string, text: string): boolean {
  const parts = JSON_LINES.includes(name) ? text.split('\n').filter(Boolean) : [text];
  return parts.every((part) => {
    try {
      return typeof JSON.parse(part) === 'object';
    } catch {
      return false;
    }
  });
}

const hasOption = (command: Command, name: string): boolean => command.options.some(({ long }) => long === name);

test.each(commands)('%s has --json, unless its output is no data, and examples that name it', (name, command) => {
  expect(hasOption(command, '--json')).toBe(!WITHOUT_JSON.includes(name));
  expect(command.description()).toMatch(/^[A-Z].*\.$/);
  for (const { description } of [...command.options, ...command.registeredArguments]) expect(description).not.toBe('');
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  expect(help).toMatch(new RegExp(`Examples:\\n {2}\\$ .*${name}`));
});

/** With arguments that would destroy something. */
const DESTRUCTIVE: Readonly<Record<string, readonly string[]>> = {
  'gatehouse users delete': ['ada'],
  'gatehouse sessions copy': ['--from', 'db', '--to', 'redis', '--move'],
  'gatehouse sessions revoke': ['--all'],
  'gatehouse secret rotate': ['--retire', '--file', 'FILE'],
};

test('every command with --yes is known to destroy something, and the other way around', () => {
  const asking = commands.filter(([, command]) => hasOption(command, '--yes')).map(([name]) => name);
  expect(asking.toSorted(), 'Add the command and its arguments to DESTRUCTIVE.').toEqual(Object.keys(DESTRUCTIVE).toSorted());
  const sounding = commands.filter(([name]) => /\b(?:delete|revoke|remove|reset|drop)\b/.test(name)).map(([name]) => name);
  expect(Object.keys(DESTRUCTIVE), 'Ask with confirm() and add yesOption().').toEqual(expect.arrayContaining(sounding));
});

describe('in an installation', () => {
  const installation = temporaryInstallation();
  const file = join(installation.folder, 'settings.env');
  const { env } = installation;
  const OLD_SECRETS = 'SESSION_SECRET=kZ8w3vQn5rT1yXc7bM2pL9dF4hJ6sA0g,hV3tq8Zk1rX0bN7mC5wE9yU2iO6pA4sD\n';
  afterAll(() => installation.remove());

  test.each(commands.filter(([name]) => !WITHOUT_JSON.includes(name)))(
    '%s --json prints only JSON, also if there is no database or no server, and its exit code is documented',
    async (name, command) => {
      const values = command.registeredArguments.filter(({ required }) => required).map(({ argChoices }) => argChoices?.[0] ?? 'ada');
      // Otherwise it would rotate the secret of the clone.
      const file = command.name() === 'rotate' ? ['--file', join(installation.folder, 'none.env')] : [];
      const args = [...name.split(' ').slice(1), ...values, ...file, '--json'];
      const { code, stdout, stderr } = await runCli(args, { env: { ...env, GATEHOUSE_URL: 'http://127.0.0.1:1' } });
      expect(Object.values(EXIT)).toContain(code);
      if (code === EXIT.OK || stdout !== '') expect(isJson(name, stdout), stdout).toBe(true);
      else
        expect(JSON.parse(stderr)).toEqual({ error: { code: expect.stringMatching(/^[A-Z_]+$/), message: expect.stringMatching(/\S/) } });
    },
  );

  test.each(Object.entries(DESTRUCTIVE))(
    '%s without a terminal and without --yes changes nothing, and says what to pass',
    async (name, given) => {
      writeFileSync(file, OLD_SECRETS);
      const prepared = [['migrate'], ['createuser', 'ada', '--email', 'ada@example.org', '--generate-password']];
      for (const args of prepared) await runCli(args, { env });
      const args = [...name.split(' ').slice(1), ...given.map((value) => value.replace('FILE', file))];
      const { code, stdout, stderr } = await runCli(args, { env });
      expect({ code, stdout }).toEqual({ code: EXIT.USAGE, stdout: '' });
      expect(stderr).toMatch(/^There is no terminal for a prompt\. .*[Pp]ass --yes to .*\.\n$/);
      expect((await runCli(['users', 'list'], { env })).stdout).toContain('ada@example.org');
      expect(readFileSync(file, 'utf8')).toBe(OLD_SECRETS);
      // Without Redis, there is nothing to copy to.
      if (!name.endsWith('copy')) expect((await runCli([...args, '--yes'], { env })).code).toBe(EXIT.OK);
    },
  );
});

test('the list of commands shows the first sentence of each description, also if a name in it has a full stop', () => {
  for (const [name, command] of commands) {
    const rest = command.description().slice(command.summary().length);
    expect(rest, name).toMatch(/^\.(?: |$)/);
  }
});

test('no command takes a password as an argument', () => {
  for (const [, command] of commands) {
    const takesValue = command.options.filter(({ long, required, optional }) => /password/i.test(long ?? '') && (required || optional));
    expect(takesValue).toEqual([]);
    expect(command.registeredArguments.map((argument) => argument.name())).not.toContain('password');
  }
});

test.each([
  [['--bogus'], 'gatehouse'],
  [['sesions', 'list'], 'gatehouse'],
  [['users', 'lst'], 'gatehouse users'],
  [['users', 'list', '--bogus'], 'gatehouse users list'],
  [['sessions', 'show'], 'gatehouse sessions show'],
  [['audit', 'list', '--kind', 'banana'], 'gatehouse audit list'],
])('%j gives a usage error that names the help to read', async (args, path) => {
  const { code, stderr } = await runCli(args, { env: {} });
  expect(code).toBe(2);
  expect(stderr).toMatch(new RegExp(`^See: ${path} --help$`, 'm'));
});

test('with --json, a usage error is JSON, too', async () => {
  for (const args of [
    ['users', 'list', '--bogus', '--json'],
    ['sesions', '--json'],
    ['sessions', 'show', '--json'],
  ]) {
    const { code, stdout, stderr } = await runCli(args, { env: {} });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({ error: { code: 'USAGE', message: expect.stringMatching(/^(unknown|missing)/) as string } });
  }
});

test.each(['--version', '-V'])('%s prints the version of the installation', async (flag) => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as { version: string };
  expect(await runCli([flag], { env: {} })).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});
