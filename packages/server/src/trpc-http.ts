import { MAX_BATCH_SIZE } from '@gatehouse/contract';
import type { TRPCError } from '@trpc/server';
import { incomingMessageToRequest, internal_exceptionHandler } from '@trpc/server/adapters/node-http';
import { resolveResponse } from '@trpc/server/http';
import type { Request as ExpressRequest, RequestHandler, Response as ExpressResponse } from 'express';
import { directQueries, type CallOptions } from './direct-queries.ts';

export interface TrpcHttpOptions extends CallOptions {
  /** If the request cannot be served: the error for each of its calls. */
  readonly refusal: (req: ExpressRequest) => TRPCError | undefined;
  /** Sends the response to a subscription, whose body is a stream of server-sent events. `abort` ends the procedure. Default: refused with 501. */
  readonly stream?: (req: ExpressRequest, res: ExpressResponse, response: Response, abort: () => void) => void;
}

/**
 * Like tRPC's Express adapter, but only subscriptions are streamed. Each other response is sent in one write, with its length. The signal
 * of a call is aborted only if its client disconnects. See docs/decisions/0011-unstreamed-responses.md.
 */
export function trpcHttp({ router, createContext, refusal, stream = refuseStream, onError }: TrpcHttpOptions): RequestHandler {
  async function respond(req: ExpressRequest, res: ExpressResponse, path: string): Promise<void> {
    const gone = new AbortController();
    const response = await resolveResponse({
      router,
      req: toFetchRequest(req, res, gone),
      path,
      error: refusal(req) ?? null,
      maxBatchSize: MAX_BATCH_SIZE,
      // A GET can be sent by a link; mutations are POST, and a query in a POST would only confuse.
      allowMethodOverride: false,
      createContext: async () => createContext(req),
      onError: ({ error, path: procedure, ctx }) => onError({ error, req, path: procedure, ctx }),
    });
    if (response.headers.get('content-type') === 'text/event-stream') return stream(req, res, response, () => gone.abort());
    const body = await response.text();
    res.statusCode = response.status;
    for (const [name, value] of response.headers) res.setHeader(name, value);
    // If tRPC refuses a whole batch or path, it sets no type, and the body would be sent as text.
    res.setHeader('Content-Type', 'application/json');
    res.setHeader('Content-Length', Buffer.byteLength(body));
    res.end(body);
  }

  const direct = directQueries({ router, createContext, onError });

  return (req, res) => {
    const path = req.path.slice(req.path.lastIndexOf('/') + 1);
    const queries = refusal(req) ? undefined : direct.queriesOf(req, path);
    (queries ? direct.answer(req, res, queries) : respond(req, res, path)).catch(
      internal_exceptionHandler({ router, createContext: () => createContext(req), req, res, path }),
    );
  };
}

const refuseStream: NonNullable<TrpcHttpOptions['stream']> = (_req, res, _response, abort) => {
  abort();
  res.status(501).end();
};

/** Has what tRPC reads of a request. The body was read before, within its limit. */
function toFetchRequest(req: ExpressRequest, res: ExpressResponse, gone: AbortController): Request {
  if (req.method !== 'GET') return incomingMessageToRequest(req, res, { maxBodySize: null });
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
