import type { ErrorRequestHandler } from 'express';
import { SessionEndedError } from './errors.ts';
import { refuseRequest } from './refuse-request.ts';
import { isStorageUnavailable } from './storage-unavailable.ts';

/**
 * Mount after all routes: a session that was ended meanwhile is a sign-out, a storage that is down a 503. It logs nothing: a handler
 * before it sees both.
 */
export const sessionErrorHandler: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent) return next(error);
  if (error instanceof SessionEndedError) return refuseRequest(req, res, 'SESSION_ENDED');
  if (isStorageUnavailable(error)) return refuseRequest(req, res, 'STORAGE_UNAVAILABLE');
  next(error);
};
