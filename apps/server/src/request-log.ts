import { failureOf, requestIdOf } from '@gatehouse/server/host';
import { clientAddress } from '@gatehouse/session/request';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from './logger.ts';

/** A page's files and health checks: many lines that matter only if they fail. */
const ROUTINE = /^\/(?:assets\/|(?:healthz|readyz)$)/;

/**
 * Logs one line per request, at `debug` for files and health checks: id, method, path, status, time, address. Never the query (it can hold
 * a `next` with anything in it), a header or a body.
 *
 * Not pino-http: it makes a logger for every request, which costs more than the line.
 */
export function requestLog(logger: Logger): RequestHandler {
  return (req, res, next) => {
    const began = performance.now();
    let failure: Error | undefined;
    // Without a listener, an error of the response would end the process.
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

const lineOf = (req: Request, res: Response, ms: number) => ({
  id: requestIdOf(req),
  method: req.method,
  path: pathOf(req),
  status: res.statusCode,
  ms: Math.round(ms),
  ip: clientAddress(req),
});

const MAX_PROBLEM_LENGTH = 500;

/** The messages of a failure and its causes. Only the last line of each: Prisma's other lines show where it was called. */
function problemOf(req: Request): { problem: string } | undefined {
  const messages: string[] = [];
  for (let error = failureOf(req); error instanceof Error; error = error.cause)
    messages.push(error.message.trim().split('\n').at(-1) ?? '');
  return messages.length > 0 ? { problem: messages.join(' ← ').slice(0, MAX_PROBLEM_LENGTH) } : undefined;
}
