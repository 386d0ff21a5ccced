import { REASONS } from '@gatehouse/contract';
import { sessionErrorHandler } from '@gatehouse/session';
import type { ErrorRequestHandler } from 'express';
import type { Logger } from './logger.ts';
import { noteFailure } from './request-failure.ts';
import { requestIdOf } from './request-id.ts';

/**
 * Mount it after all routes. `sessionErrorHandler` handles errors of sessions. Unexpected errors are logged in full, and the response has
 * only the request's id.
 */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  const answerUnexpected = unexpected(logger);
  return (error: unknown, req, res, next) => {
    noteFailure(req, error);
    sessionErrorHandler(error, req, res, (other) => answerUnexpected(other, req, res, next));
  };
}

function unexpected(logger: Logger): ErrorRequestHandler {
  return (error: { status?: unknown; statusCode?: unknown } | undefined, req, res, next) => {
    if (res.headersSent) return next(error);
    const status = Number(error?.status ?? error?.statusCode);
    res.setHeader('Cache-Control', 'no-store');
    // Express' own errors: a malformed path or header.
    if (status >= 400 && status < 500)
      return void res
        .status(status)
        .json({ error: { reason: status === 404 ? 'NOT_FOUND' : 'INVALID_INPUT', message: 'This request cannot be answered.' } });
    const requestId = requestIdOf(req);
    logger.error({ err: error, id: requestId }, 'A request failed.');
    res.status(500).json({ error: { reason: 'INTERNAL', message: REASONS.INTERNAL.message, requestId } });
  };
}
