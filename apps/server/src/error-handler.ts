import { REASONS } from '@gatehouse/contract';
import type { ErrorRequestHandler } from 'express';
import type { Logger } from './logger.ts';
import { requestIdOf } from './request-log.ts';

/** The last word: what nobody expected is logged whole and answered with an id alone. */
export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: { status?: unknown; statusCode?: unknown }, req, res, next) => {
    if (res.headersSent) return next(error);
    const status = Number(error.status ?? error.statusCode);
    res.setHeader('Cache-Control', 'no-store');
    // Express's own: a malformed path or header of the client's.
    if (status >= 400 && status < 500)
      return void res
        .status(status)
        .json({ error: { reason: status === 404 ? 'NOT_FOUND' : 'INVALID_INPUT', message: 'This request cannot be answered.' } });
    const requestId = requestIdOf(req);
    logger.error({ err: error, id: requestId }, 'A request failed.');
    res.status(500).json({ error: { reason: 'INTERNAL', message: REASONS.INTERNAL.message, requestId } });
  };
}
