import type { IncomingMessage } from 'node:http';
import type { BearerRequest } from './bearer.ts';
import type { Presented } from './presented-cookies.ts';
import type { LiveSession } from './live-session.ts';
import type { RequestSession } from './request-session.ts';
import type { CookieSettings } from './session-cookie.ts';

/** What the middleware knows about a request, for the code after it. */
export interface RequestContext {
  readonly cookie: CookieSettings;
  /** Of the request's cookies, or of its Authorization header if `bearer`. */
  readonly presented: Presented;
  /** undefined: the session is in the cookie. */
  readonly bearer: BearerRequest | undefined;
  /** As given to `sessionMiddleware`. */
  readonly signInPath: string | undefined;
  /** undefined until it is loaded. */
  live: LiveSession | undefined;
  /** The part that handlers use. */
  session: RequestSession | undefined;
}

/** Not a WeakMap, because its entries slow down garbage collection. */
const CONTEXT = Symbol('session context');

export const contextOf = (req: IncomingMessage): RequestContext | undefined => (req as { [CONTEXT]?: RequestContext })[CONTEXT];

export const setContext = (req: IncomingMessage, context: RequestContext): void => void Object.assign(req, { [CONTEXT]: context });

/** The session of a request that has passed `sessionMiddleware`. @throws Error if it has not. */
export function sessionOf(req: IncomingMessage): RequestSession {
  const session = contextOf(req)?.session;
  if (!session) throw new Error('This request has no session: mount sessionMiddleware before whatever needs one.');
  return session;
}
