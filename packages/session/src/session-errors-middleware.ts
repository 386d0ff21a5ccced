import type { IncomingMessage, ServerResponse } from 'node:http';
import { SessionConflictError, SessionEndedError } from './errors.ts';
import { refuseRequest } from './refuse-request.ts';
import { isStorageUnavailable } from './storage-unavailable.ts';

/**
 * Error handler for session errors; mount it after all routes. A session that ended during the request is answered with
 * 401 (or the login page), a conflict with another request with 409, an outage of the storage with 503. It logs
 * nothing: put a logging handler before it.
 */
export function sessionErrorHandler(error: unknown, req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void): void {
  if (res.headersSent) return next(error);
  if (error instanceof SessionEndedError) return refuseRequest(req, res, 'SESSION_ENDED');
  if (error instanceof SessionConflictError) return refuseRequest(req, res, 'CONFLICT');
  if (isStorageUnavailable(error)) return refuseRequest(req, res, 'STORAGE_UNAVAILABLE');
  next(error);
}
