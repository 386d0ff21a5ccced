import { getSystemErrorMessage } from 'node:util';
import { EXIT } from '../exit-codes.ts';

/**
 * What is written to a full disk, or to a pipe that nobody reads any more, is an event of the stream; without a listener it ends the process
 * with a stack trace.
 */
export function handleOutputErrors(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `gatehouse sessions list | head` closes the pipe early; that is no failure. What the command itself failed at is.
    if (error.code === 'EPIPE') process.exit();
    process.stderr.write(`The result could not be written to stdout: ${sayWhy(error)}. What the command did is done.\n`);
    process.exit(EXIT.FAILURE);
  });
  // There is nowhere left to say it. The command continues: a lost message does not undo what it does.
  process.stderr.on('error', () => undefined);
}

/** `no space left on device (ENOSPC)` */
function sayWhy({ errno, code, message }: NodeJS.ErrnoException): string {
  return errno === undefined || code === undefined ? message : `${getSystemErrorMessage(errno)} (${code})`;
}
