import { loadClientSettings } from '@gatehouse/settings';
import { CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';
import { explainError } from './explain-error.ts';
import { program } from './program.ts';
import { hintAfter, refuseSecrets } from './secret-arguments.ts';

/** Says what went wrong, in a line or as JSON, and gives the exit code for it. */
function fail(error: unknown, args: readonly string[]): number {
  const asJson = args.includes('--json');
  // Commander has printed its message, or the help that was asked for.
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

/** Runs one command. The exit code is left in `process.exitCode`, where a report has put its own. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    refuseSecrets(args);
    await program().parseAsync([...args], { from: 'user' });
  } catch (error) {
    process.exitCode = fail(error, args);
  }
}
