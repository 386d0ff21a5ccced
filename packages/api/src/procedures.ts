import { ONCE_A_REQUEST, type Role } from '@gatehouse/contract';
import type { Context } from './context.ts';
import type { RequestInfo } from './ports.ts';
import { refuse } from './refusal.ts';
import { t } from './trpc.ts';

interface Call {
  readonly ctx: Context;
  readonly path: string;
}

/** A condition of a call. Throws if it is not met. */
type Check = (call: Call) => void;

/** Allows only our own front ends. A form or link on another site cannot set the header. */
const ajax: Check = ({ ctx }) => {
  if (!ctx.call.ajax) throw refuse('AJAX_REQUIRED');
};

/** Applies to queries too: another site cannot read the response, but it could measure it (ASVS 3.5.8). */
const ownSite: Check = ({ ctx }) => {
  if (ctx.call.crossSite) throw refuse('CROSS_SITE');
};

/**
 * Prevents a page that was loaded for one user from acting for another, after a different tab or front end has changed the cookie. If
 * nobody is signed in, `signedIn` handles it.
 */
const sameUser: Check = ({ ctx }) => {
  const { madeForUser } = ctx.call;
  const state = ctx.session.state();
  if (madeForUser !== undefined && state.signedIn && state.user.id !== madeForUser) throw refuse('USER_CHANGED');
};

/** The procedures of `ONCE_A_REQUEST` that a request has called. All calls of a batch share one `ctx.call`. */
const calledPaths = new WeakMap<RequestInfo, Set<string>>();

/** See `ONCE_A_REQUEST`. Runs before everything else, so that refused calls are cheap. */
const onceARequest: Check = ({ ctx, path }) => {
  if (!ONCE_A_REQUEST.has(path)) return;
  const paths = calledPaths.get(ctx.call) ?? new Set();
  calledPaths.set(ctx.call, paths);
  if (paths.has(path)) throw refuse('ONCE_A_REQUEST', { fields: { '': [`${path} can be called only once per request.`] } });
  paths.add(path);
};

// Several checks share a middleware, because tRPC copies the call for each middleware.

const checked = (...checks: readonly Check[]) =>
  t.middleware((call) => {
    for (const check of checks) check(call);
    return call.next();
  });

/**
 * Stores the session before the response is created. express-session would store it when the response ends, too late to report that
 * the session was ended or could not be stored. https://github.com/expressjs/session/issues/632
 */
const committing = (...checks: readonly Check[]) =>
  t.middleware(async (call) => {
    for (const check of checks) check(call);
    const result = await call.next();
    if (result.ok) await commit(call);
    return result;
  });

/** `committing` and `signedIn` in one. */
const committingSignedIn = (...checks: readonly Check[]) =>
  t.middleware(async (call) => {
    for (const check of checks) check(call);
    const result = await call.next({ ctx: userOf(call) });
    if (result.ok) await commit(call);
    return result;
  });

const signedIn = (...checks: readonly Check[]) =>
  t.middleware((call) => {
    for (const check of checks) check(call);
    return call.next({ ctx: userOf(call) });
  });

async function commit({ ctx }: Call): Promise<void> {
  const outcome = await ctx.session.commit();
  if (!outcome.ok) throw refuse(outcome.reason);
}

/** @throws TRPCError if nobody is signed in */
function userOf({ ctx }: Call) {
  const state = ctx.session.state();
  if (!state.signedIn) throw refuse(state.reason);
  return { user: state.user, view: state.session };
}

const fresh: Check = ({ ctx }) => {
  const state = ctx.session.state();
  const until = state.signedIn ? state.session.freshUntil : undefined;
  if (!until || until <= ctx.now()) throw refuse('REAUTHENTICATION_REQUIRED');
};

/** Anyone may call it. */
export const publicProcedure = t.procedure.use(committing(onceARequest));

/** Anyone may call it, but not from another site, because the response depends on the session. */
export const ownSiteProcedure = publicProcedure.use(checked(ownSite));

/** Anyone may call it, but only from our own front ends. For sign-in, which does not depend on who is signed in. */
export const ajaxProcedure = t.procedure.use(committing(ajax, ownSite));

/** Like `ajaxProcedure`, but refuses a call from a page of another user. For sign-out. */
export const ajaxSameUserProcedure = ajaxProcedure.use(checked(sameUser));

/**
 * Requires a signed-in user and provides `ctx.user` and `ctx.view`. Otherwise throws `UNAUTHORIZED` with the reason, or
 * `PRECONDITION_FAILED` with reason `USER_CHANGED` if the page was loaded for another user.
 */
export const protectedProcedure = t.procedure.use(committingSignedIn(onceARequest, ownSite, sameUser));

/** Like `protectedProcedure`, but only from our own front ends. Use it for every mutation. The header is checked before the session. */
export const ajaxProtectedProcedure = t.procedure.use(committingSignedIn(ajax, ownSite, sameUser));

/**
 * Like `ajaxProtectedProcedure`, but also requires that the password was verified recently (`SESSION_FRESH_AGE`), to protect sensitive
 * actions from someone at an unlocked screen (ASVS 7.5.1). Otherwise throws `FORBIDDEN` with reason `REAUTHENTICATION_REQUIRED`: call
 * `auth.reauthenticate`, then retry.
 */
export const freshProcedure = ajaxProtectedProcedure.use(checked(fresh));

/** Add it to a protected procedure: `protectedProcedure.concat(requireRole('admin'))`. Throws `FORBIDDEN` with reason `ROLE_REQUIRED`. */
export function requireRole(role: Role) {
  return t.procedure.use(signedIn()).use(({ ctx, next }) => {
    if (ctx.user.role !== role) throw refuse('ROLE_REQUIRED');
    return next();
  });
}

/** For queries of administrators. */
export const adminProcedure = protectedProcedure.concat(requireRole('admin'));

/** For mutations of administrators. The role is checked first, so that nobody re-authenticates only to be refused. */
export const adminActProcedure = ajaxProtectedProcedure.concat(requireRole('admin')).use(checked(fresh));
