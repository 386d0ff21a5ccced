import type { Role, SessionUser } from '@gatehouse/contract';
import type { IncomingMessage } from 'node:http';
import { isAjax, isCrossSite, madeForUser } from './call-origin.ts';
import type { NodeMiddleware } from './node-request.ts';
import { refuseRequest } from './refuse-request.ts';
import { sessionOf } from './request-context.ts';

/** The session's user, or undefined when nobody is signed in: the type of `ctx.user`. */
export function getSessionUser(req: IncomingMessage): SessionUser | undefined {
  const state = sessionOf(req).state();
  return state.signedIn ? state.user : undefined;
}

/** For pages and downloads: 302 to the login screen for a navigation, 401 JSON for a script. */
export const requireSession: NodeMiddleware = (req, res, next) => {
  const state = sessionOf(req).state();
  // What is behind a session is nobody else's: not a cache's, nor the next user's of this browser by its back button.
  res.setHeader('Cache-Control', 'no-store');
  if (!state.signedIn) return refuseRequest(req, res, state.reason);
  next();
};

/**
 * For endpoints that scripts call: 401 JSON, never a redirect. The header rule is judged before the session. A call that was made for
 * another user than who is signed in (`X-Gatehouse-User`) is refused with `USER_CHANGED`.
 * `trustedOrigins`: other front ends that may call; default none.
 */
export function requireSessionAjax({ trustedOrigins = [] }: { trustedOrigins?: readonly string[] } = {}): NodeMiddleware {
  return (req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    if (!isAjax(req)) return refuseRequest(req, res, 'AJAX_REQUIRED');
    if (isCrossSite(req, trustedOrigins)) return refuseRequest(req, res, 'CROSS_SITE');
    const madeFor = madeForUser(req);
    const user = getSessionUser(req);
    if (madeFor !== undefined && user && user.id !== madeFor) return refuseRequest(req, res, 'USER_CHANGED');
    requireSession(req, res, next);
  };
}

/** After either guard: 403 when the role is missing. */
export function requireRole(role: Role): NodeMiddleware {
  return (req, res, next) => {
    const state = sessionOf(req).state();
    if (!state.signedIn) return refuseRequest(req, res, state.reason);
    if (state.user.role !== role) return refuseRequest(req, res, 'ROLE_REQUIRED');
    next();
  };
}
