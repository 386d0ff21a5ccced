import { createServer, type Server } from 'node:http';
import { declaredLength, MAX_READ_BYTES } from '@gatehouse/server/host';

export interface HttpLimits {
  /** Time for the headers of a request, counted from the connection or from the previous request. */
  readonly headersMs: number;
  /** Time for a whole request. */
  readonly requestMs: number;
  /** How often the limits are checked. A client is disconnected at most this much later. */
  readonly checkMs: number;
}

/** Longer than proxies keep idle connections (ALB: 60 s), so that they are the ones that close them. Node's default is 5 s. */
const KEEP_ALIVE_MS = 75_000;

/** Enough for slow networks, too short for a client that trickles its request. Node's defaults are 60 s, 300 s and 30 s. */
const LIMITS: HttpLimits = { headersMs: 10_000, requestMs: 30_000, checkMs: 5000 };

/** A server that slow clients cannot block. https://nodejs.org/api/http.html#httpcreateserveroptions-requestlistener */
export function createHttpServer({ headersMs, requestMs, checkMs }: HttpLimits = LIMITS): Server {
  const server = createServer({
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkMs,
  });
  server.on('checkContinue', (req, res) => {
    // Without `100 Continue` the client does not send a body that is too large.
    if (declaredLength(req) <= MAX_READ_BYTES) res.writeContinue();
    server.emit('request', req, res);
  });
  return server;
}
