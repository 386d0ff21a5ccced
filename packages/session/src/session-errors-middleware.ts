import type { IncomingMessage, ServerResponse } from 'node:http';
import { SessionEndedError } from './errors.ts';
import { refuseRequest } from './refuse-request.ts';
import { isStorageUnavailable } from './storage-unavailable.ts';

/**
 * Mount after all routes: a session that was ended meanwhile is a sign-out, a storage that is down a 503. It logs nothing: a handler
 * before it sees both.
 */
export function sessionErrorHandler(error: unknown, req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void): void {
  if (res.headersSent) return next(error);
  if (error instanceof SessionEndedError) return refuseRequest(req, res, 'SESSION_ENDED');
  if (isStorageUnavailable(error)) return refuseRequest(req, res, 'STORAGE_UNAVAILABLE');
  next(error);
}
