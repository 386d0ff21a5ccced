import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { REASONS } from '@gatehouse/contract';
import type { Registry } from 'prom-client';
import { StartError } from './start-error.ts';

export const METRICS_PATH = '/metrics';

/** A body in the form of all refusals over plain HTTP. */
function refuse(res: ServerResponse, status: 401 | 404 | 500, reason: string, message: string): void {
  res.statusCode = status;
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.end(JSON.stringify({ error: { reason, message } }));
}

export const noMetrics = (res: ServerResponse): void => refuse(res, 404, 'NOT_FOUND', REASONS.NOT_FOUND.message);

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Sends the metrics as Prometheus reads them. */
export function metricsEndpoint(registry: Registry, token: string | undefined, onError: (error: unknown) => void) {
  const expected = token === undefined ? undefined : digest(`Bearer ${token}`);

  return async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    res.setHeader('Cache-Control', 'no-store');
    if (expected && !timingSafeEqual(digest(req.headers.authorization ?? ''), expected)) {
      res.setHeader('WWW-Authenticate', 'Bearer realm="metrics"');
      return refuse(res, 401, 'SIGN_IN_REQUIRED', 'Send METRICS_TOKEN as a bearer token.');
    }
    try {
      const text = await registry.metrics();
      res.setHeader('Content-Type', registry.contentType);
      res.end(req.method === 'HEAD' ? undefined : text);
    } catch (error) {
      onError(error);
      refuse(res, 500, 'INTERNAL', REASONS.INTERNAL.message);
    }
  };
}

export const isMetricsRequest = ({ method, url = '' }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && url.split('?', 1)[0] === METRICS_PATH;

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers `/metrics` on a port of its own. @throws StartError */
export async function serveMetrics(
  endpoint: (req: IncomingMessage, res: ServerResponse) => Promise<void>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<MetricsServer> {
  const server = createServer((req, res) => void (isMetricsRequest(req) ? endpoint(req, res) : noMetrics(res)));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const problem = cause.code === 'EADDRINUSE' ? 'is in use' : `at ${host} cannot be used: ${cause.message}`;
      reject(
        new StartError(`Port ${port} for the metrics ${problem}. Choose another METRICS_PORT; each process needs its own.`, { cause }),
      );
    });
    server.listen(port, host, () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
