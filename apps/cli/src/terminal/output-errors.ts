import { getSystemErrorMessage } from 'node:util';
import { EXIT } from '../exit-codes.ts';

/**
 * A full disk or a closed pipe emits `error` on the stream. Without a listener, the process would end with a stack trace.
 */
export function handleOutputErrors(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `gatehouse sessions list | head` closes the pipe early. That is no failure; the command's own exit code counts.
    if (error.code === 'EPIPE') process.exit();
    process.stderr.write(`The result could not be written to stdout: ${describe(error)}. The command itself was executed.\n`);
    process.exit(EXIT.FAILURE);
  });
  // Nothing can be reported without stderr. The command continues, because a lost message does not affect its work.
  process.stderr.on('error', () => undefined);
}

/** `no space left on device (ENOSPC)` */
function describe({ errno, code, message }: NodeJS.ErrnoException): string {
  return errno === undefined || code === undefined ? message : `${getSystemErrorMessage(errno)} (${code})`;
}
