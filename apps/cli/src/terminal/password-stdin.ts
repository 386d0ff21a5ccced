import type { Readable } from 'node:stream';
import { MAX_PASSWORD_BYTES } from '@gatehouse/contract';
import { EXIT } from '../exit-codes.ts';
import { Failure } from '../failure.ts';

/** The one line on stdin; the line's end is not part of the password. */
export async function passwordFromStdin(stdin: Readable & { isTTY?: boolean } = process.stdin): Promise<string> {
  if (stdin.isTTY) throw new Failure('NO_INPUT', '--password-stdin reads a pipe, and nothing is piped in.', EXIT.USAGE);
  const password = decode(await readAtMost(stdin, MAX_PASSWORD_BYTES + '\r\n'.length)).replace(/\r?\n$/, '');
  if (password === '') throw new Failure('NO_INPUT', 'No password came in on stdin.', EXIT.USAGE);
  if (/[\r\n]/.test(password)) throw new Failure('INVALID_INPUT', 'More than one line came in on stdin; a password is one line.');
  return password;
}

async function readAtMost(stdin: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) throw new Failure('INVALID_INPUT', `A password has at most ${MAX_PASSWORD_BYTES} bytes.`);
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
