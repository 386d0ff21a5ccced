import type { Role, SessionUser } from '@gatehouse/contract';
import type { IncomingMessage } from 'node:http';
import { presentsBearer, usesBearer } from './bearer-request.ts';
import { isAjax, isCrossSite, madeForUser } from './call-origin.ts';
import type { NodeMiddleware } from './node-request.ts';
import { refuseRequest } from './refuse-request.ts';
import { sessionOf } from './request-context.ts';

/**
 * Returns the signed-in user, or undefined if the session has none. This is the type of `ctx.user`.
 *
 * @throws Error if the request did not pass `sessionMiddleware`.
 */
export function getSessionUser(req: IncomingMessage): SessionUser | undefined {
  const state = sessionOf(req).state();
  return state.signedIn ? state.user : undefined;
}

/**
 * Requires a signed-in user, for pages and downloads. Otherwise a navigation gets a 302 to the login page, and a script
 * a 401 with JSON.
 */
export const requireSession: NodeMiddleware = (req, res, next) => {
  const state = sessionOf(req).state();
  // No cache may keep it, and the next user of this browser must not see it with the back button.
  res.setHeader('Cache-Control', 'no-store');
  if (!state.signedIn) return refuseRequest(req, res, state.reason);
  next();
};

/**
 * Requires a signed-in user, for endpoints that scripts call: a 401 with JSON, never a redirect. Calls without
 * `X-Requested-With: XMLHttpRequest` (`AJAX_REQUIRED`) and from other sites (`CROSS_SITE`) are refused with a 403
 * before the session is checked. If `X-Gatehouse-User` names another user than the signed-in one, the call is refused
 * with `USER_CHANGED`. A call with a bearer token needs no header: no browser sends one for another site.
 *
 * @param options.trustedOrigins origins of other front ends that may call, such as `https://admin.example`. Default:
 * none.
 */
export function requireSessionAjax({ trustedOrigins = [] }: { trustedOrigins?: readonly string[] } = {}): NodeMiddleware {
  return (req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    if (!isAjax(req) && !usesBearer(req)) return refuseRequest(req, res, 'AJAX_REQUIRED');
    if (!presentsBearer(req) && isCrossSite(req, trustedOrigins)) return refuseRequest(req, res, 'CROSS_SITE');
    const madeFor = madeForUser(req);
    const user = getSessionUser(req);
    if (madeFor !== undefined && user && user.id !== madeFor) return refuseRequest(req, res, 'USER_CHANGED');
    requireSession(req, res, next);
  };
}

/** Requires a role. Mount it after one of the guards above. Otherwise answers 403 `ROLE_REQUIRED`. */
export function requireRole(role: Role): NodeMiddleware {
  return (req, res, next) => {
    const state = sessionOf(req).state();
    if (!state.signedIn) return refuseRequest(req, res, state.reason);
    if (state.user.role !== role) return refuseRequest(req, res, 'ROLE_REQUIRED');
    next();
  };
}
