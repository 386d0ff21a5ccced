import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/**
 * Sends a file as its text is made, no faster than the client takes it: what is not sent yet is not read from the storage either. Fails, so
 * that the client gets an error, while nothing has been sent; after that a failure cuts the connection, and the client sees that the
 * text is not whole.
 */
export async function sendInPieces(res: Response, { name, type }: { name: string; type: string }, pieces: AsyncGenerator<string, void>) {
  const first = await pieces.next();
  // Not before: an error is no file to keep.
  res.attachment(name).type(type);
  async function* all(): AsyncGenerator<string, void> {
    if (first.done) return;
    yield first.value;
    // Also ends the reading of a client that has gone away.
    yield* pieces;
  }
  try {
    await pipeline(Readable.from(all(), { highWaterMark: 1 }), res);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  } finally {
    // Where it never came to the second piece.
    await pieces.return();
  }
}
