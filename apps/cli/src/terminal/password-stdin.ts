import type { Readable } from 'node:stream';
import { MAX_PASSWORD_BYTES } from '@gatehouse/contract';
import { EXIT } from '../exit-codes.ts';
import { Failure } from '../failure.ts';

type Input = Readable & { isTTY?: boolean };

/** Reads one line from stdin, without its line ending. @throws Failure */
export const passwordFromStdin = (stdin: Input = process.stdin): Promise<string> =>
  secretFromStdin({ option: '--password-stdin', thing: 'password', maxBytes: MAX_PASSWORD_BYTES }, stdin);

/** Like `passwordFromStdin`, for other secrets. `thing` names the secret in error messages. */
export async function secretFromStdin(
  { option, thing, maxBytes }: { option: string; thing: string; maxBytes: number },
  stdin: Input = process.stdin,
): Promise<string> {
  if (stdin.isTTY) throw new Failure('NO_INPUT', `${option} reads from a pipe, but stdin is a terminal.`, EXIT.USAGE);
  const tooLong =
    thing === 'password' ? `A password has at most ${maxBytes} bytes.` : `The ${thing} on stdin is longer than ${maxBytes} bytes.`;
  const secret = decode(await readAtMost(stdin, maxBytes + '\r\n'.length, tooLong)).replace(/\r?\n$/, '');
  if (secret === '') throw new Failure('NO_INPUT', `There is no ${thing} on stdin.`, EXIT.USAGE);
  if (/[\r\n]/.test(secret)) throw new Failure('INVALID_INPUT', `There is more than one line on stdin. The ${thing} must be one line.`);
  return secret;
}

async function readAtMost(stdin: Readable, limit: number, tooLong: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) throw new Failure('INVALID_INPUT', tooLong);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Without `fatal`, invalid bytes would become replacement characters and thereby a different password. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Failure('INVALID_INPUT', 'The text on stdin is not valid UTF-8.');
  }
}
