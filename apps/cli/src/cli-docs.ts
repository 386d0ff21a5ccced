import type { Argument, Command, Option } from 'commander';
import { program } from './program.ts';

/** Generates apps/docs/reference/cli.md: `node apps/cli/src/write-docs.ts`. */

export const DOCS_START = '<!-- Generated from apps/cli/src/program.ts: node apps/cli/src/write-docs.ts -->';

/** The page with a section for each command below its marker; undefined if it has none. */
export function pageWithCommands(page: string): string | undefined {
  const start = page.indexOf(DOCS_START);
  if (start === -1) return undefined;
  return `${page.slice(0, start + DOCS_START.length)}\n\n${commandSections().join('\n\n')}\n`;
}

export interface NamedCommand {
  /** `gatehouse sessions list` */
  readonly name: string;
  readonly command: Command;
}

/** Every command that can be run, in the order of `--help`. */
export function runnableCommands(command: Command = program(), parents: readonly string[] = []): readonly NamedCommand[] {
  const path = [...parents, command.name()];
  if (command.commands.length === 0) return [{ name: path.join(' '), command }];
  return command.commands.flatMap((child) => runnableCommands(child, path));
}

function commandSections(): string[] {
  let group = '';
  return runnableCommands().map((one) => {
    const [, area = ''] = one.name.split(' ');
    const isGrouped = one.name.split(' ').length > 2;
    const heading = isGrouped && area !== group ? `## ${area}\n\n` : '';
    if (isGrouped) group = area;
    return `${heading}${isGrouped ? '###' : '##'} ${one.name.replace(/^gatehouse /, '')}\n\n${section(one)}`;
  });
}

function section({ name, command }: NamedCommand): string {
  const usage = ['```sh', `${name} ${command.usage()}`.trim(), '```'].join('\n');
  const rows = [
    ...command.registeredArguments.map(argumentRow),
    ...command.options.filter(({ hidden, long }) => !hidden && long !== '--json').map(optionRow),
  ];
  const table = rows.length === 0 ? [] : [['| argument or option | meaning |', '|---|---|', ...rows].join('\n')];
  const examples = examplesOf(command);
  const shown = examples.length === 0 ? [] : [['```sh', ...examples, '```'].join('\n')];
  return [command.description(), usage, ...table, ...shown].join('\n\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

const withDefault = (text: string, value: unknown): string =>
  value === undefined || value === false || (Array.isArray(value) && value.length === 0)
    ? cell(text)
    : `${cell(text)} Default: \`${typeof value === 'string' ? value : JSON.stringify(value)}\`.`;

const ended = (text: string): string => (text === '' || /[.:]$/.test(text) ? text : `${text}.`);

const argumentRow = (argument: Argument): string =>
  `| \`${argument.required ? `<${argument.name()}>` : `[${argument.name()}]`}\` | ${withDefault(ended(argument.description), argument.defaultValue)} |`;

const optionRow = (option: Option): string =>
  `| \`${option.flags.replaceAll('|', '\\|')}\` | ${withDefault(ended(option.description), option.defaultValue)} |`;

/** The lines of `Examples:` in the command's help, with the explanation as a comment: beside the line, or above it if the lines are long. */
function examplesOf(command: Command): string[] {
  let help = '';
  command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
  const [, examples = ''] = help.split('\nExamples:\n');
  const lines = [...examples.matchAll(/^ {2}\$ (.*?)(?: {2,}(.*))?$/gm)].map(([, line = '', explanation = '']) => ({ line, explanation }));
  const widest = Math.max(0, ...lines.map(({ line }) => line.length));
  return lines.map(({ line, explanation }) => {
    if (explanation === '') return line;
    return widest > 60 ? `# ${explanation}\n${line}` : `${line.padEnd(widest)}  # ${explanation}`;
  });
}
