import { MAX_BODY_BYTES } from '@gatehouse/contract';
import type { Request, RequestHandler } from 'express';
import { refuseCall } from './refuse-call.ts';

/** Far more than nginx passes on without being told to (`client_max_body_size`, 1 MiB). */
export const MAX_READ_BYTES = 4 * 1024 * 1024;

/**
 * Reads all of the body before anything else is done with a request. Two reasons:
 *
 * - An answer to a request whose body is still on its way may never arrive: the connection is closed with unread data, so the kernel resets
 *   it, and what the client has not read by then is lost. nginx then answers 502 instead of our 413, 415 or 404. So what is over the
 *   limit is read as well, and thrown away, up to `MAX_READ_BYTES` and the server's `requestTimeout` (RFC 9112, 9.6).
 * - A client that holds its last byte back would act, when it sends it, as a session that was ended while it waited.
 *
 * Not `express.text()`: it reads a body without end to its end before it refuses it.
 */
export const readBody: RequestHandler = async (req, res, next) => {
  if (!hasBody(req)) return next();
  const body = declaredLength(req) > MAX_READ_BYTES ? 'endless' : await bodyOf(req);
  // Nobody is left to be answered.
  if (body === 'aborted') return;
  if (body === 'endless') res.setHeader('Connection', 'close');
  if (typeof body === 'string') return refuseCall(res, 'TOO_LARGE');
  req.body = body.toString();
  next();
};

/** A request has a body if one of these headers is there (RFC 9112, 6). */
const hasBody = ({ headers }: Request): boolean => headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/** In bytes; 0 where none is declared. */
export const declaredLength = ({ headers }: Pick<Request, 'headers'>): number => Number(headers['content-length'] ?? 0);

async function bodyOf(req: Request): Promise<Buffer | 'too large' | 'endless' | 'aborted'> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // To destroy the request would be to destroy its connection, which has to take the answer.
    for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
      else if (size > MAX_READ_BYTES) return 'endless';
    }
  } catch {
    return 'aborted';
  }
  return size > MAX_BODY_BYTES ? 'too large' : Buffer.concat(chunks);
}
