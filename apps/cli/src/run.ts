import { loadClientSettings } from '@gatehouse/settings';
import { CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';
import { explainError } from './explain-error.ts';
import { program } from './program.ts';
import { hintAfter, refuseSecrets } from './secret-arguments.ts';

/** Prints the error in one line or as JSON. Returns the exit code. */
function printError(error: unknown, args: readonly string[]): number {
  if (error instanceof CommanderError) return printUsageError(error, args);
  const { code, message, exitCode } = explainError(error);
  process.stderr.write(isForScript(args) ? asJson(code, message) : `${message}\n`);
  if (isDebugging()) console.error(error);
  return exitCode;
}

/** Commander has already printed its message, unless for a script, or the requested help. */
function printUsageError(error: CommanderError, args: readonly string[]): number {
  if (error.exitCode === 0) return EXIT.OK;
  const hint = hintAfter(error, args);
  if (isForScript(args))
    process.stderr.write(asJson('USAGE', [error.message.replace(/^error: /, ''), ...(hint === undefined ? [] : [hint])].join(' ')));
  else if (hint !== undefined) process.stderr.write(`${hint}\n`);
  return EXIT.USAGE;
}

const isForScript = (args: readonly string[]): boolean => args.includes('--json');

const asJson = (code: string, message: string): string => `${JSON.stringify({ error: { code, message } })}\n`;

function isDebugging(): boolean {
  try {
    return loadClientSettings().debug;
  } catch {
    return false;
  }
}

/** Runs one command and sets `process.exitCode`. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    refuseSecrets(args);
    await program({ silent: isForScript(args) }).parseAsync([...args], { from: 'user' });
  } catch (error) {
    process.exitCode = printError(error, args);
  }
}
