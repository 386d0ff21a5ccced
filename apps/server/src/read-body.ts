import { MAX_BODY_BYTES } from '@gatehouse/contract';
import { refuseRequest } from '@gatehouse/session';
import type { Request, RequestHandler } from 'express';

/**
 * All of the body before anything is asked of the session: a client that holds its last byte back would else act, when it is let go, as
 * a session that was ended while it waited. What a client left unfinished is nobody's to answer.
 */
export const readBody: RequestHandler = async (req, res, next) => {
  if (req.method !== 'POST') return next();
  const body = await bodyOf(req);
  if (body === 'cut') return;
  if (body === 'too large') {
    // The rest of it is not worth reading, and without a length nobody knows how much that is.
    res.setHeader('Connection', 'close');
    return refuseRequest(req, res, 'TOO_LARGE');
  }
  req.body = body.toString();
  next();
};

/** Stops listening at the limit, without destroying what still has to be answered. */
function bodyOf(req: Request): Promise<Buffer | 'too large' | 'cut'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) return;
      req.off('data', onData).pause();
      resolve('too large');
    };
    req
      .on('data', onData)
      .once('end', () => resolve(Buffer.concat(chunks)))
      .once('error', () => resolve('cut'))
      .once('close', () => resolve('cut'));
  });
}
