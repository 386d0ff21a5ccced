import type { Context } from '@gatehouse/api';
import { MAX_BATCH_SIZE } from '@gatehouse/contract';
import type { AnyTRPCRouter, TRPCError } from '@trpc/server';
import { incomingMessageToRequest, internal_exceptionHandler } from '@trpc/server/adapters/node-http';
import { resolveResponse } from '@trpc/server/http';
import type { Request as ExpressRequest, RequestHandler, Response as ExpressResponse } from 'express';

export interface TrpcHttpOptions {
  readonly router: AnyTRPCRouter;
  readonly createContext: (req: ExpressRequest) => Context | Promise<Context>;
  /** If the request cannot be served: the error for each of its calls. */
  readonly refusal: (req: ExpressRequest) => TRPCError | undefined;
  readonly onError: (problem: { error: TRPCError; req: ExpressRequest; path: string | undefined; ctx: Context | undefined }) => void;
}

/**
 * Like tRPC's Express adapter, but responses are never streamed: each is sent in one write, with its length. The signal of a call is
 * aborted only if its client disconnects. See docs/decisions/0011-unstreamed-responses.md.
 */
export function trpcHttp({ router, createContext, refusal, onError }: TrpcHttpOptions): RequestHandler {
  async function respond(req: ExpressRequest, res: ExpressResponse, path: string): Promise<void> {
    const response = await resolveResponse({
      router,
      req: toFetchRequest(req, res),
      path,
      error: refusal(req) ?? null,
      maxBatchSize: MAX_BATCH_SIZE,
      // A GET can be sent by a link; mutations are POST, and a query in a POST would only confuse.
      allowMethodOverride: false,
      createContext: async () => createContext(req),
      onError: ({ error, path: procedure, ctx }) => onError({ error, req, path: procedure, ctx }),
    });
    const body = await response.text();
    res.statusCode = response.status;
    for (const [name, value] of response.headers) res.setHeader(name, value);
    // If tRPC refuses a whole batch or path, it sets no type, and the body would be sent as text.
    res.setHeader('Content-Type', 'application/json');
    res.setHeader('Content-Length', Buffer.byteLength(body));
    res.end(body);
  }

  return (req, res) => {
    const path = req.path.slice(req.path.lastIndexOf('/') + 1);
    respond(req, res, path).catch(internal_exceptionHandler({ router, createContext: () => createContext(req), req, res, path }));
  };
}

/** Has what tRPC reads of a request. The body was read before, within its limit. */
function toFetchRequest(req: ExpressRequest, res: ExpressResponse): Request {
  if (req.method !== 'GET') return incomingMessageToRequest(req, res, { maxBodySize: null });
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) gone.abort();
  });
  const { accept = 'application/json', 'content-type': type } = req.headers;
  const headers = new Headers(type === undefined ? { accept } : { accept, 'content-type': type });
  // tRPC reads only the query of the URL. A real Request would cost a tenth of a call, mostly for a signal that follows this one.
  const request: Pick<Request, 'method' | 'url' | 'headers' | 'signal'> = {
    method: 'GET',
    url: `http://localhost${req.url}`,
    headers,
    signal: gone.signal,
  };
  return request as Request;
}
