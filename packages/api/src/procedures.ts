import { ONCE_A_REQUEST, type Role } from '@gatehouse/contract';
import type { RequestInfo } from './ports.ts';
import { refuse } from './refusal.ts';
import { t } from './trpc.ts';

/**
 * Stores the session before the response is created. express-session would store it when the response ends, too late to report that
 * the session was ended or could not be stored. https://github.com/expressjs/session/issues/632
 */
const committing = t.middleware(async ({ ctx, next }) => {
  const result = await next();
  if (!result.ok) return result;
  const outcome = await ctx.session.commit();
  if (!outcome.ok) throw refuse(outcome.reason);
  return result;
});

/** Allows only our own front ends. A form or link on another site cannot set the header. */
const ajax = t.middleware(({ ctx, next }) => {
  if (!ctx.call.ajax) throw refuse('AJAX_REQUIRED');
  return next();
});

/** Applies to queries too: another site cannot read the response, but it could measure it (ASVS 3.5.8). */
const ownSite = t.middleware(({ ctx, next }) => {
  if (ctx.call.crossSite) throw refuse('CROSS_SITE');
  return next();
});

/**
 * Prevents a page that was loaded for one user from acting for another, after a different tab or front end has changed the cookie. If
 * nobody is signed in, `signedIn` handles it.
 */
const sameUser = t.middleware(({ ctx, next }) => {
  const { madeForUser } = ctx.call;
  const state = ctx.session.state();
  if (madeForUser !== undefined && state.signedIn && state.user.id !== madeForUser) throw refuse('USER_CHANGED');
  return next();
});

const signedIn = t.middleware(({ ctx, next }) => {
  const state = ctx.session.state();
  if (!state.signedIn) throw refuse(state.reason);
  return next({ ctx: { user: state.user, view: state.session } });
});

const fresh = t.middleware(({ ctx, next }) => {
  const state = ctx.session.state();
  const until = state.signedIn ? state.session.freshUntil : undefined;
  if (!until || until <= ctx.now()) throw refuse('REAUTHENTICATION_REQUIRED');
  return next();
});

/** The procedures of `ONCE_A_REQUEST` that a request has called. All calls of a batch share one `ctx.call`. */
const calledPaths = new WeakMap<RequestInfo, Set<string>>();

/** See `ONCE_A_REQUEST`. Runs before everything else, so that refused calls are cheap. */
const onceARequest = t.middleware(({ ctx, path, next }) => {
  if (!ONCE_A_REQUEST.has(path)) return next();
  const paths = calledPaths.get(ctx.call) ?? new Set();
  calledPaths.set(ctx.call, paths);
  if (paths.has(path)) throw refuse('ONCE_A_REQUEST', { fields: { '': [`${path} can be called only once per request.`] } });
  paths.add(path);
  return next();
});

/** Anyone may call it. */
export const publicProcedure = t.procedure.use(onceARequest).use(committing);

/** Anyone may call it, but not from another site, because the response depends on the session. */
export const ownSiteProcedure = publicProcedure.use(ownSite);

/** Anyone may call it, but only from our own front ends. For sign-in, which does not depend on who is signed in. */
export const ajaxProcedure = t.procedure.use(ajax).use(ownSite).use(committing);

/** Like `ajaxProcedure`, but refuses a call from a page of another user. For sign-out. */
export const ajaxSameUserProcedure = ajaxProcedure.use(sameUser);

/**
 * Requires a signed-in user and provides `ctx.user` and `ctx.view`. Otherwise throws `UNAUTHORIZED` with the reason, or
 * `PRECONDITION_FAILED` with reason `USER_CHANGED` if the page was loaded for another user.
 */
export const protectedProcedure = ownSiteProcedure.use(sameUser).use(signedIn);

/** Like `protectedProcedure`, but only from our own front ends. Use it for every mutation. The header is checked before the session. */
export const ajaxProtectedProcedure = ajaxSameUserProcedure.use(signedIn);

/**
 * Like `ajaxProtectedProcedure`, but also requires that the password was verified recently (`SESSION_FRESH_AGE`), to protect sensitive
 * actions from someone at an unlocked screen (ASVS 7.5.1). Otherwise throws `FORBIDDEN` with reason `REAUTHENTICATION_REQUIRED`: call
 * `auth.reauthenticate`, then retry.
 */
export const freshProcedure = ajaxProtectedProcedure.use(fresh);

/** Add it to a protected procedure: `protectedProcedure.concat(requireRole('admin'))`. Throws `FORBIDDEN` with reason `ROLE_REQUIRED`. */
export function requireRole(role: Role) {
  return t.procedure.use(signedIn).use(({ ctx, next }) => {
    if (ctx.user.role !== role) throw refuse('ROLE_REQUIRED');
    return next();
  });
}

/** For queries of administrators. */
export const adminProcedure = protectedProcedure.concat(requireRole('admin'));

/** For mutations of administrators. The role is checked first, so that nobody re-authenticates only to be refused. */
export const adminActProcedure = ajaxProtectedProcedure.concat(requireRole('admin')).use(fresh);
