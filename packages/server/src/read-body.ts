import { MAX_BODY_BYTES } from '@gatehouse/contract';
import type { Request, RequestHandler } from 'express';
import { refuseCall } from './refuse-call.ts';

/** Far more than nginx forwards by default (`client_max_body_size`, 1 MiB). */
export const MAX_READ_BYTES = 4 * 1024 * 1024;

/**
 * Reads the whole body into `req.body`, as text, before anything else is done with a request. Two reasons:
 *
 * - A response to a request whose body is still arriving may be lost: the connection is closed with unread data, so the kernel resets it,
 *   and the client loses what it has not read yet. nginx then answers 502 instead of our 413, 415 or 404. So a body over the limit is read
 *   and discarded, up to `MAX_READ_BYTES` and the server's `requestTimeout` (RFC 9112, 9.6).
 * - A client that holds back the last byte of its body could otherwise act with a session that was ended in the meantime.
 *
 * A body that another parser has read stays as it is. Not `express.text()`: it reads an endless body to its end before it refuses it.
 */
export const readBody: RequestHandler = async (req, res, next) => {
  if (!hasBody(req) || req.readableEnded) return next();
  const body = declaredLength(req) > MAX_READ_BYTES ? 'endless' : await bodyOf(req);
  // The client is gone.
  if (body === 'aborted') return;
  if (body === 'endless') res.setHeader('Connection', 'close');
  if (typeof body === 'string') return refuseCall(res, 'TOO_LARGE');
  req.body = body.toString();
  next();
};

/** A request has a body if it has one of these headers (RFC 9112, 6). */
export const hasBody = ({ headers }: Pick<Request, 'headers'>): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

/** In bytes; 0 if none is declared. */
export const declaredLength = ({ headers }: Pick<Request, 'headers'>): number => Number(headers['content-length'] ?? 0);

async function bodyOf(req: Request): Promise<Buffer | 'too large' | 'endless' | 'aborted'> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Destroying the request would destroy its connection, which is needed for the response.
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
