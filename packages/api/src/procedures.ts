import { ONCE_A_REQUEST, type Role } from '@gatehouse/contract';
import type { CallFacts } from './ports.ts';
import { refuse } from './refusal.ts';
import { t } from './trpc.ts';

/**
 * Stores the session before the answer is made. express-session would do it after the headers have left,
 * too late to say that the session was ended meanwhile or could not be stored.
 * https://github.com/expressjs/session/issues/632
 */
const committing = t.middleware(async ({ ctx, next }) => {
  const result = await next();
  if (!result.ok) return result;
  const outcome = await ctx.session.commit();
  if (!outcome.ok) throw refuse(outcome.reason);
  return result;
});

/** Only from our own front ends: a form or a link on another site cannot set the header. */
const ajax = t.middleware(({ ctx, next }) => {
  if (!ctx.call.ajax) throw refuse('AJAX_REQUIRED');
  return next();
});

/** Also where only something is asked: a session is of no use to another site, which cannot read the answer but can measure it (ASVS 3.5.8). */
const ownSite = t.middleware(({ ctx, next }) => {
  if (ctx.call.crossSite) throw refuse('CROSS_SITE');
  return next();
});

/**
 * A page that was made for one user acts for no other: where the cookie changed underneath it, by another tab or another front end,
 * nothing happens. Nobody signed in is not a mismatch; `signedIn` judges that.
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

/** What was run already in a request, of what is run once. The calls of a batch have one `call`. */
const ran = new WeakMap<CallFacts, Set<string>>();

/** See `ONCE_A_REQUEST`. First of all, so that a call that is refused costs nothing. */
const onceARequest = t.middleware(({ ctx, path, next }) => {
  if (!ONCE_A_REQUEST.has(path)) return next();
  const paths = ran.get(ctx.call) ?? new Set();
  ran.set(ctx.call, paths);
  if (paths.has(path)) throw refuse('ONCE_A_REQUEST', { fields: { '': [`${path} can be asked once in a request.`] } });
  paths.add(path);
  return next();
});

/** Anyone may call it. */
export const publicProcedure = t.procedure.use(onceARequest).use(committing);

/** Anyone may ask it, but no other site: what the answer tells is about the session. */
export const ownSiteProcedure = publicProcedure.use(ownSite);

/** Anyone may call it, from our own front ends only: sign-in, which is made for whoever's password it brings. */
export const ajaxProcedure = t.procedure.use(ajax).use(ownSite).use(committing);

/** As `ajaxProcedure`; and if it says for which user it was made, nobody else may be signed in: sign-out. */
export const ajaxSameUserProcedure = ajaxProcedure.use(sameUser);

/**
 * Signed in: `ctx.user` and `ctx.view` are there by type. Else `UNAUTHORIZED` with the reason; `PRECONDITION_FAILED`, reason
 * `USER_CHANGED`, if the call was made for somebody else.
 */
export const protectedProcedure = ownSiteProcedure.use(sameUser).use(signedIn);

/** Signed in, and from our own front ends only. For every mutation; the header is judged before the session. */
export const ajaxProtectedProcedure = ajaxSameUserProcedure.use(signedIn);

/**
 * As `ajaxProtectedProcedure`, and the password was checked lately (`SESSION_FRESH_AGE`): for what a stranger at an unlocked
 * screen must not do. Else `FORBIDDEN`, reason `REAUTHENTICATION_REQUIRED`: call `auth.reauthenticate`, then again (ASVS 7.5.1).
 */
export const freshProcedure = ajaxProtectedProcedure.use(fresh);

/** Add to a protected procedure: `protectedProcedure.concat(requireRole('admin'))`. Else `FORBIDDEN`, reason `ROLE_REQUIRED`. */
export function requireRole(role: Role) {
  return t.procedure.use(signedIn).use(({ ctx, next }) => {
    if (ctx.user.role !== role) throw refuse('ROLE_REQUIRED');
    return next();
  });
}

/** What administrators see. */
export const adminProcedure = protectedProcedure.concat(requireRole('admin'));

/** What administrators do. The role is judged first: nobody is asked for a password only to be refused. */
export const adminActProcedure = ajaxProtectedProcedure.concat(requireRole('admin')).use(fresh);
