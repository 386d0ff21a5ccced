import { loadClientSettings } from '@gatehouse/settings';
import { CommanderError } from 'commander';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { explainError } from './explain-error.ts';
import { program } from './program.ts';

async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    await program().parseAsync(args, { from: 'user' });
    return EXIT.OK;
  } catch (error) {
    // Commander has printed its message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
    const { code, message, exitCode } = explainError(error);
    process.stderr.write(args.includes('--json') ? `${JSON.stringify({ error: { code, message } })}\n` : `${message}\n`);
    if (isDebugging()) console.error(error);
    return exitCode;
  }
}

function isDebugging(): boolean {
  try {
    return loadClientSettings().debug;
  } catch {
    return false;
  }
}

// `gatehouse sessions list | head` closes the pipe early; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.OK);
});

process.exitCode = await main(process.argv.slice(2));
