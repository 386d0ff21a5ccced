import type { Presence } from '@gatehouse/contract';
import { ownSiteProcedure } from '../procedures.ts';
import { describeMe } from './me.ts';

/** Who is signed in, or why nobody is. Unlike `auth.me`, it succeeds if nobody is signed in, for clients that do not know yet. */
export const presence = ownSiteProcedure.query(({ ctx }): Presence => {
  const state = ctx.session.state();
  return state.signedIn ? { signedIn: true, me: describeMe(state.user, state.session, ctx.now()) } : state;
});
