import { createServer, type Server } from 'node:http';
import { declaredLength, MAX_READ_BYTES } from '@gatehouse/server/host';

export interface HttpLimits {
  /** A request's headers have arrived by then, counted from the connection or from the request before. */
  readonly headersMs: number;
  /** All of a request has arrived by then. */
  readonly requestMs: number;
  /** How often that is looked at, so how much later a client may be cut. */
  readonly checkMs: number;
}

/** Real users are served within these; a client that trickles its request is cut. Node's own are 60 s, 300 s and 30 s. */
const LIMITS: HttpLimits = { headersMs: 10_000, requestMs: 30_000, checkMs: 5000 };

/** A server that no slow client holds up. https://nodejs.org/api/http.html#httpcreateserveroptions-requestlistener */
export function createHttpServer({ headersMs, requestMs, checkMs }: HttpLimits = LIMITS): Server {
  const server = createServer({ headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval: checkMs });
  server.on('checkContinue', (req, res) => {
    // A client that asks first is not told to send what would be refused unread.
    if (declaredLength(req) <= MAX_READ_BYTES) res.writeContinue();
    server.emit('request', req, res);
  });
  return server;
}
