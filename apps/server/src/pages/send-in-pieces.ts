import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/**
 * Sends a text as it is made, no faster than the client takes it: what is not sent yet is not read from the storage either. Fails, so
 * that the client gets an error, while nothing has been sent; after that a failure cuts the connection, and the client sees that the
 * text is not whole.
 */
export async function sendInPieces(res: Response, pieces: AsyncIterator<string, void>): Promise<void> {
  const first = await pieces.next();
  async function* all(): AsyncGenerator<string, void> {
    for (let piece = first; !piece.done; piece = await pieces.next()) yield piece.value;
  }
  // A client that goes away is no error of ours, and what failed meanwhile was said by the cut.
  await pipeline(Readable.from(all(), { highWaterMark: 1 }), res).catch(() => undefined);
}
