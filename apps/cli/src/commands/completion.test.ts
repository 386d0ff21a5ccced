import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasTerminals, programAtTerminal } from '../../test-support/at-terminal.ts';
import { runCli } from '../../test-support/run-cli.ts';
import { runnableCommands } from '../cli-docs.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));
const scriptOf = (shell: string): string => join(folder, `completion.${shell}`);

/** Without the shell, its tests are skipped; with `CI` set, this throws. */
function hasShell(name: string): boolean {
  if (spawnSync(name, ['-c', 'true']).status === 0) return true;
  const text = `THIS MACHINE LACKS ${name}, for tests of its completion.`;
  if (process.env['CI']) throw new Error(`${text} Under CI a missing part fails the run.`);
  console.warn(`\n${text}\nThey are skipped.\n`);
  return false;
}

beforeAll(async () => {
  writeFileSync(join(folder, 'people.csv'), '');
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = await runCli(['completion', shell], { env: {} });
    expect(code).toBe(0);
    writeFileSync(scriptOf(shell), stdout);
  }
});

const env = { PATH: process.env['PATH'] ?? '', HOME: folder, TERM: 'dumb' };

/** What a shell offers for each command line, of which the last word may be incomplete. All in one process. */
type Complete = (lines: readonly (readonly string[])[]) => string[][];

const inShell =
  (shell: string, args: readonly string[], ask: (words: readonly string[]) => string, setUp = ''): Complete =>
  (lines) => {
    const code = [`source '${scriptOf(shell)}'`, setUp, ...lines.flatMap((words) => [ask(words), 'echo ---'])].join('\n');
    const { stdout, stderr } = spawnSync(shell, [...args, '-c', code], { env, cwd: folder, encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout
      .split('---\n')
      .slice(0, -1)
      .map((part) =>
        part
          .split('\n')
          .flatMap((line) => line.split('\t', 1))
          .filter(Boolean)
          .toSorted(),
      );
  };

const COMPLETE_IN_BASH = `set -e
ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gatehouse; printf '%s\\n' "\${COMPREPLY[@]}"; }`;

const bash = inShell('bash', ['--norc'], (words) => `ask ${words.map((word) => `'${word}'`).join(' ')}`, COMPLETE_IN_BASH);
const fish = inShell('fish', ['--no-config'], (words) => `complete -C '${words.join(' ')}'`);

describe.each([
  ['bash', bash],
  ['fish', fish],
])('%s', (shell, completeAll) => {
  const complete = (...words: string[]): string[] => completeAll([words])[0] ?? [];
  const isHere = hasShell(shell);

  test.skipIf(!isHere)('offers commands, and the commands of a group', () => {
    expect(complete('gatehouse', 'se')).toEqual(['secret', 'serve', 'sessions']);
    expect(complete('gatehouse', 'secret', '')).toEqual(['generate', 'rotate']);
    expect(complete('gatehouse', 'secret', 'generate', '')).toEqual([]);
  });

  test.skipIf(!isHere)('offers options of the command, and their values', () => {
    expect(complete('gatehouse', 'migrate', '--')).toEqual(['--check', '--help', '--json']);
    expect(complete('gatehouse', 'audit', 'list', '--kind', 'rea')).toEqual(['reactivated']);
    expect(complete('gatehouse', 'audit', 'list', '--limit', '')).toEqual([]);
    // A value is no argument, and `list` is not a command here.
    expect(complete('gatehouse', 'createuser', '--role', 'admin', '--name', 'list', '--generate')).toEqual(['--generate-password']);
  });

  test.skipIf(!isHere)('offers the choices of the argument at this position', () => {
    expect(complete('gatehouse', 'users', 'role', 'ada', '')).toEqual(['admin', 'user']);
    expect(complete('gatehouse', 'users', 'role', '')).toEqual([]);
    expect(complete('gatehouse', 'completion', '')).toEqual(['bash', 'fish', 'zsh']);
  });

  test.skipIf(!isHere)('offers files only where a file is expected', () => {
    expect(complete('gatehouse', 'import', 'users', 'peo')).toEqual(['people.csv']);
    expect(complete('gatehouse', 'secret', 'rotate', '--file', 'peo')).toEqual(['people.csv']);
    expect(complete('gatehouse', 'changepassword', 'peo')).toEqual([]);
  });

  test.skipIf(!isHere)('knows every command and every option', () => {
    const commands = runnableCommands().map(({ name, command }) => ({ words: name.split(' '), command }));
    const names = completeAll(commands.map(({ words }) => words));
    const options = completeAll(commands.map(({ words }) => [...words, '--']));
    for (const [index, { words, command }] of commands.entries()) {
      expect(names[index]).toContain(words.at(-1));
      const long = command.options.flatMap((option) => (option.hidden || !option.long ? [] : [option.long]));
      expect(options[index]).toEqual(['--help', ...long].toSorted());
    }
  });
});

test.skipIf(!hasShell('bash'))('bash separates an option from its value at the equals sign', () => {
  expect(bash([['gatehouse', 'audit', 'list', '--kind', '=', 'rea']])).toEqual([['reactivated']]);
  expect(bash([['gatehouse', 'audit', 'list', '--kind', '=']])[0]).toContain('reactivated');
});

const canZsh = hasShell('zsh') && hasTerminals();

test.skipIf(!canZsh)('zsh offers commands, options and values with their descriptions', async () => {
  const shell = programAtTerminal(['zsh', '-f', '-i'], { env: { HOME: folder }, cwd: folder });
  shell.type(`autoload -U compinit; compinit -u -d '${folder}/dump'; source '${scriptOf('zsh')}'; echo lo''aded\n`);
  await shell.see('loaded');
  for (const [typed, ...expected] of [
    ['gatehouse secret \t', /generate +-- Print a new random secret/, /rotate +-- Put/],
    ['gatehouse migrate --\t', /--check +-- list the pending/, '--json'],
    ['gatehouse audit list --kind rea\t', 'list --kind reactivated'],
    ['gatehouse audit list --kind=rea\t', 'list --kind=reactivated'],
    ['gatehouse users role ada a\t', 'role ada admin'],
    ['gatehouse import users peo\t', 'import users people.csv'],
  ] as const) {
    // Ctrl+U empties the line.
    shell.type(`\u0015${typed}`);
    for (const text of expected) await shell.see(text);
  }
});

test('a shell that is not known is a usage error', async () => {
  expect(await runCli(['completion', 'ksh'], { env: {} })).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('bash, zsh, fish'),
  });
});
