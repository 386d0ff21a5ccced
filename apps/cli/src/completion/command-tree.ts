import type { Argument, Command, Option } from 'commander';

/** What can follow a command on the command line. */
export interface CompletionNode {
  /** `/users/list`; empty for the program. */
  readonly path: string;
  readonly commands: readonly Described[];
  readonly options: readonly CompletionOption[];
  /** In their order. */
  readonly arguments: readonly CompletionValue[];
}

export interface Described {
  readonly name: string;
  readonly description: string;
}

export interface CompletionOption extends Described {
  /** `--limit`. */
  readonly name: string;
  /** undefined: the option takes none. */
  readonly value: CompletionValue | undefined;
}

export interface CompletionValue {
  readonly choices: readonly string[];
  /** Files are offered if there are no choices. */
  readonly isFile: boolean;
}

/** Every command of the program, groups included. */
export function completionNodes(command: Command, path = ''): readonly CompletionNode[] {
  const help = command.createHelp();
  const children = help.visibleCommands(command).filter((child) => child.name() !== 'help');
  const node: CompletionNode = {
    path,
    commands: children.map((child) => ({ name: child.name(), description: plain(child.summary()) })),
    options: help.visibleOptions(command).flatMap(completionOption),
    arguments: command.registeredArguments.map((one: Argument) => valueOf(one.argChoices, one.name())),
  };
  return [node, ...children.flatMap((child) => completionNodes(child, `${path}/${child.name()}`))];
}

function completionOption({ long, description, required, optional, argChoices, flags }: Option): CompletionOption[] {
  if (long === undefined || long === null) return [];
  return [{ name: long, description: plain(description), value: required || optional ? valueOf(argChoices, flags) : undefined }];
}

const valueOf = (choices: readonly string[] | undefined, name: string): CompletionValue => ({
  choices: choices ?? [],
  isFile: choices === undefined && /file\b|path\b/.test(name),
});

/** Descriptions are put into single quotes, and in zsh after a colon. */
const plain = (text: string): string => text.replaceAll(/['\n\\`$]/g, ' ').trim();

/** `'one' 'two'`: words of a shell. Names and choices have no quotes. */
export const quotedWords = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');
