import { randomUUID } from 'node:crypto';
import { clientAddress } from '@gatehouse/session/request';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from './logger.ts';

const ID = Symbol('request id');

const FAILURE = Symbol('failure');

/** A page's own files and the questions of a load balancer: twenty lines a page, one a second, and news only when they fail. */
const ROUTINE = /^\/(?:assets\/|(?:healthz|readyz)$)/;

/**
 * One line a request, at `debug` where it is routine: id, method, path, status, time, address. Never the query (it can hold a `next`
 * with anything in it), a header or a body. The id is ours, never the client's: a client could write into the log with it.
 *
 * Not pino-http: it makes a logger for every request, which costs more than the line.
 */
export function requestLog(logger: Logger): RequestHandler {
  return (req, res, next) => {
    const began = performance.now();
    Object.assign(req, { [ID]: randomUUID() });
    let failure: Error | undefined;
    // With a listener, too, an error of the response is no error of the process.
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

/** What a request could not be served for: its line says so, where its answer is a 503 that tells strangers nothing. */
export function noteFailure(req: Request, error: unknown): void {
  if (error !== undefined) Object.assign(req, { [FAILURE]: error });
}

const MAX_PROBLEM_LENGTH = 500;

/** The messages of the failure and of what caused it. Of one that has lines the last: Prisma's others show where it was called. */
function problemOf(req: Request): { problem: string } | undefined {
  const messages: string[] = [];
  for (let error = (req as { [FAILURE]?: unknown })[FAILURE]; error instanceof Error; error = error.cause)
    messages.push(error.message.trim().split('\n').at(-1) ?? '');
  return messages.length > 0 ? { problem: messages.join(' ← ').slice(0, MAX_PROBLEM_LENGTH) } : undefined;
}

/** The id under which this request is in the log. */
export const requestIdOf = (req: Request): string => (req as { [ID]?: string })[ID] ?? '';
