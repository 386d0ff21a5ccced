import { randomUUID } from 'node:crypto';
import { clientAddress } from '@gatehouse/session';
import type { Request, RequestHandler, Response } from 'express';
import { pinoHttp } from 'pino-http';
import type { Logger } from './logger.ts';

/**
 * One line a request: id, method, path, status, time, address. Never the query (it can hold a `next` with anything in
 * it), a header or a body. The id is ours, never the client's: a client could write into the log with it.
 */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp<Request, Response>({
    logger,
    genReqId: () => randomUUID(),
    // Else pino-http adds the request as it came, its query with it.
    quietReqLogger: true,
    quietResLogger: true,
    customLogLevel: (_req, res, error) => (error || res.statusCode >= 500 ? 'error' : res.statusCode === 403 ? 'warn' : 'info'),
    customSuccessObject: (req, res, line: { responseTime: number }) => lineOf(req, res, line.responseTime),
    customErrorObject: (req, res, _error, line: { responseTime: number }) => lineOf(req, res, line.responseTime),
    customSuccessMessage: (req, res) => `${req.method} ${pathOf(req)} ${res.statusCode}`,
    customErrorMessage: (req, res) => `${req.method} ${pathOf(req)} ${res.statusCode}`,
  }) as RequestHandler;
}

const pathOf = (req: Request): string => req.originalUrl.split('?', 1)[0] ?? '';

const lineOf = (req: Request, res: Response, ms: number) => ({
  id: requestIdOf(req),
  method: req.method,
  path: pathOf(req),
  status: res.statusCode,
  ms,
  ip: clientAddress(req),
});

/** The id under which this request is in the log. */
export const requestIdOf = (req: Request): string => (typeof req.id === 'string' ? req.id : '');
