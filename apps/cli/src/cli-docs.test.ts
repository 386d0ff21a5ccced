import type { Command } from 'commander';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pageWithCommands } from './cli-docs.ts';
import { program } from './program.ts';

const root = join(import.meta.dirname, '../../..');

test('apps/docs/reference/cli.md has every command', () => {
  const page = readFileSync(join(root, 'apps/docs/reference/cli.md'), 'utf8');
  expect(page, 'run: node apps/cli/src/write-docs.ts').toBe(pageWithCommands(page));
});

/** Command lines of `gatehouse` in code: indented lines, fenced lines and `inline code`. Without what follows a pipe or a comment. */
function commandLines(text: string): readonly string[] {
  const fenced = [...text.matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, code = '']) => code.split('\n'));
  const indented = [...text.matchAll(/^ {4,}(\S.*)$/gm)].map(([, line = '']) => line);
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...fenced, ...indented, ...inline].flatMap((line) => {
    const [, rest] = /(?:^|\| )(?:npx (?:--offline )?-y pnpm@12 |pnpm )?gatehouse ([a-z].*)$/.exec(line) ?? [];
    return rest === undefined ? [] : [rest.split(/ (?:#|\||>|&&) ?|;/, 1)[0]?.trim() ?? ''];
  });
}

/** What is wrong with a command line, or undefined. */
function problemOf(line: string): string | undefined {
  let command: Command = program();
  const words = line.split(/\s+/).filter((word) => word !== '…');
  for (let word = words[0]; word !== undefined && command.commands.length > 0; word = words[0]) {
    if (word.startsWith('-') || word.startsWith('<') || word.startsWith('[')) break;
    const next = command.commands.find((child) => child.name() === word || child.aliases().includes(word));
    if (!next) return `${command.name()} has no command ${word}`;
    command = next;
    words.shift();
  }
  const known = new Set(['--help', '--version', ...command.options.flatMap(({ long, short }) => [long, short])]);
  const unknown = words.filter((word) => /^--?[a-z]/.test(word)).find((word) => !known.has(word.split('=', 1)[0]));
  return unknown === undefined ? undefined : `${command.name()} has no option ${unknown}`;
}

test('every command line in the documentation exists', () => {
  const pages = globSync(
    ['*.md', 'docs/**/*.md', 'apps/docs/{*,guide/*,reference/*}.md', '{packages,apps}/*/README.md', '{prisma,bench}/*.md'],
    {
      cwd: root,
      exclude: ['CHANGELOG.md', 'STYLE.md'],
    },
  );
  const lines = pages.flatMap((page) => commandLines(readFileSync(join(root, page), 'utf8')).map((line) => ({ page, line })));
  expect(lines.length).toBeGreaterThan(60);
  const problems = lines.flatMap(({ page, line }) => {
    const problem = problemOf(line);
    return problem === undefined ? [] : [`${page}: gatehouse ${line}: ${problem}`];
  });
  expect(problems, 'Correct the command, or add it to apps/cli/src/program.ts.').toEqual([]);
});

test('a command and an option that do not exist are found', () => {
  expect(problemOf('session list')).toBe('gatehouse has no command session');
  expect(problemOf('sessions list --usr ada')).toBe('list has no option --usr');
  expect(problemOf('sessions list --user ada --json')).toBeUndefined();
  expect(commandLines('    pass new | pnpm gatehouse createuser ada  # in a script\n`gatehouse doctor --json`')).toEqual([
    'createuser ada',
    'doctor --json',
  ]);
});
