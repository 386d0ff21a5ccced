import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { runCli } from '../test-support/run-cli.ts';
import { program } from './program.ts';

/** Every command with an action, with its full name. */
function leaves(command: Command, path: readonly string[] = []): [string, Command][] {
  const fullPath = [...path, command.name()];
  return command.commands.length === 0 ? [[fullPath.join(' '), command]] : command.commands.flatMap((child) => leaves(child, fullPath));
}

const commands = leaves(program());

test.each(commands)('%s has --json, and examples that name it', (name, command) => {
  expect(command.options.map(({ long }) => long)).toContain('--json');
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  expect(help).toMatch(new RegExp(`Examples:\\n {2}\\$ .*${name}`));
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

test.each(['--version', '-V'])('%s prints the version of the installation', async (flag) => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8')) as { version: string };
  expect(await runCli([flag], { env: {} })).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
});
