import type { IncomingMessage } from 'node:http';
import { contextOf } from './request-context.ts';

/** Whether the request's session is in the Authorization header, or must be returned as a token. Its cookies are ignored. */
export const usesBearer = (req: IncomingMessage): boolean => contextOf(req)?.bearer !== undefined;

/**
 * Whether the request has a token of ours in its Authorization header, valid or not. Another site cannot make a browser send the header
 * without a preflight, and no browser adds it by itself, so the CSRF checks do not apply.
 */
export const presentsBearer = (req: IncomingMessage): boolean => (contextOf(req)?.bearer?.presented.count ?? 0) > 0;
