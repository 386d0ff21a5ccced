import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { command, reporting } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import { withLocal } from '../../local.ts';
import type { Report } from '../../report.ts';
import type { Names } from './evaluate.ts';
import { shellNames } from './shell-names.ts';

interface ShellOptions {
  readonly eval?: string;
  readonly json?: boolean;
}

export const shell = () =>
  command('shell', {
    description:
      'Run JavaScript with the session engine, the accounts and the database at hand, and with await at the top level. Reads code from a pipe, too.',
    examples: [
      ['gatehouse shell', 'a prompt; its history is in the data folder'],
      [`gatehouse shell --eval 'await engine.count()' --json`, 'runs one expression and prints its value'],
      ['gatehouse shell < script.js', 'runs a script and prints the value of its last expression'],
    ],
  })
    .option('--eval <code>', 'run this code and print its value, instead of a prompt')
    .action(
      reporting(({ eval: code, json = false }: ShellOptions) =>
        withLocal(async (local) => {
          const names = shellNames(local);
          if (code !== undefined) return printed(code, names);
          if (!process.stdin.isTTY) return printed(await text(process.stdin), names);
          if (json) throw new Failure('USAGE', '--json needs --eval, or code from a pipe.', EXIT.USAGE);
          // On use, because no other command needs Node's prompt.
          const { prompt } = await import('./prompt.ts');
          await prompt(names, local.settings);
          return { json: {}, lines: [] };
        }),
      ),
    );

/** Text is printed as it is, so that a script can use it; other values as the prompt shows them. */
async function printed(code: string, names: Names): Promise<Report> {
  const { evaluate } = await import('./evaluate.ts');
  let value: unknown;
  try {
    value = await evaluate(code, names);
  } catch (error) {
    // The stack of the operator's own code: it has the line.
    throw new Failure('CODE_FAILED', error instanceof Failure ? error.message : inspect(error));
  }
  const lines = value === undefined ? [] : [typeof value === 'string' ? value : inspect(value, { depth: 6, colors: process.stdout.isTTY })];
  return { json: { value: value ?? null }, lines };
}
