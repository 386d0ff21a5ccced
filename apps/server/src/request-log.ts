import { randomUUID } from 'node:crypto';
import { clientAddress } from '@gatehouse/session';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from './logger.ts';

const ID = Symbol('request id');

/** A page's own files and the questions of a load balancer: twenty lines a page, one a second, and news only when they fail. */
const ROUTINE = /^\/(?:assets\/|(?:healthz|readyz)$)/;

/**
 * One line a request, at `debug` where it is routine: id, method, path, status, time, address. Never the query (it can hold a `next` with anything in
 * it), a header or a body. The id is ours, never the client's: a client could write into the log with it.
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
      const line = lineOf(req, res, performance.now() - began);
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

/** The id under which this request is in the log. */
export const requestIdOf = (req: Request): string => (req as { [ID]?: string })[ID] ?? '';
