import type { IncomingMessage, ServerResponse } from 'node:http';
import { SessionConflictError, SessionEndedError } from './errors.ts';
import { refuseRequest } from './refuse-request.ts';
import { isStorageUnavailable } from './storage-unavailable.ts';

/**
 * Mount after all routes: a session that was ended meanwhile is a sign-out (401, or the sign-in page), a change of its cookie that
 * another request was faster with a 409, a storage that is down a 503. It logs nothing: a handler before it sees them all.
 */
export function sessionErrorHandler(error: unknown, req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void): void {
  if (res.headersSent) return next(error);
  if (error instanceof SessionEndedError) return refuseRequest(req, res, 'SESSION_ENDED');
  if (error instanceof SessionConflictError) return refuseRequest(req, res, 'CONFLICT');
  if (isStorageUnavailable(error)) return refuseRequest(req, res, 'STORAGE_UNAVAILABLE');
  next(error);
}
