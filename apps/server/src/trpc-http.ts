import { appRouter, type Context } from '@gatehouse/api';
import { MAX_BATCH_SIZE } from '@gatehouse/contract';
import type { TRPCError } from '@trpc/server';
import { incomingMessageToRequest, internal_exceptionHandler } from '@trpc/server/adapters/node-http';
import { resolveResponse } from '@trpc/server/http';
import type { Request as ExpressRequest, RequestHandler, Response as ExpressResponse } from 'express';

export interface TrpcHttpOptions {
  readonly createContext: (req: ExpressRequest) => Context;
  /** The request cannot be served: each of its calls is answered with this. */
  readonly refusal: (req: ExpressRequest) => TRPCError | undefined;
  readonly onError: (problem: { error: TRPCError; req: ExpressRequest; path: string | undefined; ctx: Context | undefined }) => void;
}

/**
 * tRPC's Express adapter, but for answers that never stream: they leave whole, with their length, in one write, and the
 * signal of a call is aborted only when its client goes away. See docs/decisions/0011-unstreamed-responses.md.
 */
export function trpcHttp({ createContext, refusal, onError }: TrpcHttpOptions): RequestHandler {
  async function respond(req: ExpressRequest, res: ExpressResponse, path: string): Promise<void> {
    const response = await resolveResponse({
      router: appRouter,
      req: toFetchRequest(req, res),
      path,
      error: refusal(req) ?? null,
      maxBatchSize: MAX_BATCH_SIZE,
      // A GET can be sent by a link; mutations are POST, and a query in a POST would only confuse.
      allowMethodOverride: false,
      createContext: () => Promise.resolve(createContext(req)),
      onError: ({ error, path: procedure, ctx }) => onError({ error, req, path: procedure, ctx }),
    });
    const body = await response.text();
    res.statusCode = response.status;
    for (const [name, value] of response.headers) res.setHeader(name, value);
    // Where tRPC refuses a batch or a path as a whole it names no type, and the body would be declared as text.
    res.setHeader('Content-Type', 'application/json');
    res.setHeader('Content-Length', Buffer.byteLength(body));
    res.end(body);
  }

  return (req, res) => {
    const path = req.path.slice(req.path.lastIndexOf('/') + 1);
    respond(req, res, path).catch(
      internal_exceptionHandler({ router: appRouter, createContext: () => createContext(req), req, res, path }),
    );
  };
}

/** As far as tRPC reads it. The body has been read, within its limit. */
function toFetchRequest(req: ExpressRequest, res: ExpressResponse): Request {
  if (req.method !== 'GET') return incomingMessageToRequest(req, res, { maxBodySize: null });
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) gone.abort();
  });
  const { accept = 'application/json', 'content-type': type } = req.headers;
  const headers = new Headers(type === undefined ? { accept } : { accept, 'content-type': type });
  // Of the address it reads the query alone. Not a Request: a tenth of the work for a call, most of it for a signal that follows this one.
  const request: Pick<Request, 'method' | 'url' | 'headers' | 'signal'> = {
    method: 'GET',
    url: `http://localhost${req.url}`,
    headers,
    signal: gone.signal,
  };
  return request as Request;
}
