import type { Presence } from '@gatehouse/contract';
import { ownSiteProcedure } from '../procedures.ts';
import { describeMe } from './me.ts';

/** Who is signed in, or why nobody is: for who does not know yet, to whom "nobody" is an answer. To `auth.me` it is a failure. */
export const presence = ownSiteProcedure.query(({ ctx }): Presence => {
  const state = ctx.session.state();
  return state.signedIn ? { signedIn: true, me: describeMe(state.user, state.session, ctx.now()) } : state;
});
