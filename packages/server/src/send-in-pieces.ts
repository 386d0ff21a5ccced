import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/**
 * Streams a file at the speed of the client, so data is only read from the storage when it can be sent. A failure before the first piece
 * rejects, and the client gets an error response. A later failure closes the connection, so the client sees that the file is incomplete.
 */
export async function sendInPieces(res: Response, { name, type }: { name: string; type: string }, pieces: AsyncGenerator<string, void>) {
  const first = await pieces.next();
  // Only now: an error response must not be saved as a file.
  res.attachment(name).type(type);
  async function* all(): AsyncGenerator<string, void> {
    if (first.done) return;
    yield first.value;
    // `yield*` also ends `pieces` if the client disconnects.
    yield* pieces;
  }
  try {
    await pipeline(Readable.from(all(), { highWaterMark: 1 }), res);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  } finally {
    // For a stream that ended before the second piece.
    await pieces.return();
  }
}
