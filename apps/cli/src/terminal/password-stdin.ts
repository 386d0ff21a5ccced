import type { Readable } from 'node:stream';
import { MAX_PASSWORD_BYTES } from '@gatehouse/contract';
import { EXIT } from '../exit-codes.ts';
import { Failure } from '../failure.ts';

type Input = Readable & { isTTY?: boolean };

/** The one line on stdin; the line's end is not part of the password. */
export const passwordFromStdin = (stdin: Input = process.stdin): Promise<string> =>
  secretFromStdin({ option: '--password-stdin', thing: 'password', maxBytes: MAX_PASSWORD_BYTES }, stdin);

/** As `passwordFromStdin`, of something else that nobody else may see. */
export async function secretFromStdin(
  { option, thing, maxBytes }: { option: string; thing: string; maxBytes: number },
  stdin: Input = process.stdin,
): Promise<string> {
  if (stdin.isTTY) throw new Failure('NO_INPUT', `${option} reads a pipe, and nothing is piped in.`, EXIT.USAGE);
  const tooLong =
    thing === 'password' ? `A password has at most ${maxBytes} bytes.` : `The ${thing} on stdin is longer than ${maxBytes} bytes.`;
  const secret = decode(await readAtMost(stdin, maxBytes + '\r\n'.length, tooLong)).replace(/\r?\n$/, '');
  if (secret === '') throw new Failure('NO_INPUT', `No ${thing} came in on stdin.`, EXIT.USAGE);
  if (/[\r\n]/.test(secret)) throw new Failure('INVALID_INPUT', `More than one line came in on stdin; the ${thing} is one line.`);
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

/** Bytes that are no UTF-8 would become replacement characters, and so another password than was meant. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Failure('INVALID_INPUT', 'What came in on stdin is not UTF-8 text.');
  }
}
