import { loadClientSettings } from '@gatehouse/settings';
import { CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';
import { explainError } from './explain-error.ts';
import { program } from './program.ts';
import { hintAfter, refuseSecrets } from './secret-arguments.ts';

/** Prints the error in one line or as JSON. Returns the exit code. */
function printError(error: unknown, args: readonly string[]): number {
  const asJson = args.includes('--json');
  // Commander has already printed its message or the requested help.
  if (error instanceof CommanderError) {
    const hint = hintAfter(error, args);
    if (hint !== undefined) process.stderr.write(`${hint}\n`);
    return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
  }
  const { code, message, exitCode } = explainError(error);
  process.stderr.write(asJson ? `${JSON.stringify({ error: { code, message } })}\n` : `${message}\n`);
  if (isDebugging()) console.error(error);
  return exitCode;
}

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
    await program().parseAsync([...args], { from: 'user' });
  } catch (error) {
    process.exitCode = printError(error, args);
  }
}
