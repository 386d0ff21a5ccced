import { MAX_PASSWORD_BYTES } from '@gatehouse/contract';
import { EXIT } from '../exit-codes.ts';
import { Failure } from '../failure.ts';
import { askSecret, requireTerminal } from './ask.ts';

/*
 * Passwords come from a prompt or from stdin, never from arguments: those are in the shell's history and in the
 * list of processes that every user of the machine may see.
 */

const INSTEAD = 'Pipe the password in with --password-stdin.';

/** The password of an account that exists. */
export async function readPassword({ passwordStdin }: { passwordStdin?: boolean | undefined }): Promise<string> {
  if (passwordStdin) return passwordFromStdin();
  requireTerminal(INSTEAD);
  return askSecret('Password', (value) => (value === '' ? 'Enter your password.' : undefined));
}

/** A password to be set, typed twice. `problem` says why one will not do. */
export async function readNewPassword(
  { passwordStdin }: { passwordStdin?: boolean | undefined },
  problem: (password: string) => string | undefined,
): Promise<string> {
  if (passwordStdin) {
    const password = await passwordFromStdin();
    const why = problem(password);
    if (why) throw new Failure('PASSWORD_REFUSED', why);
    return password;
  }
  requireTerminal(`${INSTEAD.slice(0, -1)}, or have one made with --generate-password.`);
  const password = await askSecret('New password', problem);
  await askSecret('New password again', (again) => (again === password ? undefined : 'That is not the same password. Type it again.'));
  return password;
}

/** One line; its end is not part of the password. */
async function passwordFromStdin(): Promise<string> {
  if (process.stdin.isTTY) throw new Failure('NO_INPUT', '--password-stdin reads a pipe, and nothing is piped in.', EXIT.USAGE);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_PASSWORD_BYTES + 2) throw new Failure('PASSWORD_REFUSED', `A password has at most ${MAX_PASSWORD_BYTES} bytes.`);
  }
  const password = decode(Buffer.concat(chunks)).replace(/\r?\n$/, '');
  if (password === '') throw new Failure('NO_INPUT', 'No password came in on stdin.', EXIT.USAGE);
  if (/[\r\n]/.test(password))
    throw new Failure('PASSWORD_REFUSED', 'More than one line came in on stdin; a password is one line.', EXIT.USAGE);
  return password;
}

/** Bytes that are no UTF-8 would become replacement characters, and so another password than was meant. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Failure('PASSWORD_REFUSED', 'What came in on stdin is not UTF-8 text.');
  }
}
