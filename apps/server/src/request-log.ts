import { failureOf, requestIdOf, traceIdsOf } from '@gatehouse/server/host';
import { clientAddress } from '@gatehouse/session/request';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from './logger.ts';

/** Static files and health checks: frequent, and only interesting if they fail. */
const ROUTINE = /^\/(?:assets\/|(?:healthz|readyz)$)/;

/**
 * Logs one line per request with id, method, path, status, time and address; files and health checks at `debug`. It never logs headers,
 * bodies or the query, whose `next` can contain anything.
 *
 * Not pino-http, because creating a logger for each request costs more than writing the line.
 */
export function requestLog(logger: Logger): RequestHandler {
  return (req, res, next) => {
    const began = performance.now();
    let failure: Error | undefined;
    // Without a listener, an error of the response would crash the process.
    res.on('error', (error) => (failure = error));
    res.once('close', () => {
      const level = failure ? 'error' : levelOf(pathOf(req), res.statusCode);
      if (!logger.isLevelEnabled(level)) return;
      const line = { ...lineOf(req, res, performance.now() - began), ...(res.statusCode === 503 && problemOf(req)) };
      logger[level](failure ? { ...line, err: failure } : line, `${req.method} ${pathOf(req)} ${res.statusCode}`);
    });
    next();
  };
}

function levelOf(path: string, status: number): 'error' | 'warn' | 'info' | 'debug' {
  if (status >= 500) return 'error';
  if (status === 403) return 'warn';
  return status < 400 && ROUTINE.test(path) ? 'debug' : 'info';
}

const pathOf = (req: Request): string => req.originalUrl.split('?', 1)[0] ?? '';

/** The names of OpenTelemetry where it has one: https://opentelemetry.io/docs/specs/semconv/http/http-spans/ */
const lineOf = (req: Request, res: Response, ms: number) => ({
  id: requestIdOf(req),
  ...traceIdsOf(req),
  'http.request.method': req.method,
  'url.path': pathOf(req),
  'http.response.status_code': res.statusCode,
  'client.address': clientAddress(req),
  ms: Math.round(ms),
});

const MAX_PROBLEM_LENGTH = 500;

/** The messages of a failure and its causes. Only the last line of each, because Prisma's other lines quote the calling code. */
function problemOf(req: Request): { problem: string } | undefined {
  const messages: string[] = [];
  for (let error = failureOf(req); error instanceof Error; error = error.cause)
    messages.push(error.message.trim().split('\n').at(-1) ?? '');
  return messages.length > 0 ? { problem: messages.join(' ← ').slice(0, MAX_PROBLEM_LENGTH) } : undefined;
}
