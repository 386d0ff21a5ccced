import type { IncomingMessage } from 'node:http';
import { contextOf } from './request-context.ts';

/** The session of this request comes from the Authorization header, or is to be answered as a token. Its cookies are ignored. */
export const usesBearer = (req: IncomingMessage): boolean => contextOf(req)?.bearer !== undefined;

/**
 * The request has a token of ours in its Authorization header, valid or not. Another site cannot make a browser send that without a
 * preflight, and the browser does not add it by itself, so the checks against forged requests do not apply.
 */
export const presentsBearer = (req: IncomingMessage): boolean => (contextOf(req)?.bearer?.presented.count ?? 0) > 0;
