import { ajaxSameUserProcedure } from '../procedures.ts';

/** Signs out; signed out already is a success. Made for one user, it does not sign out another. */
export const logout = ajaxSameUserProcedure.meta({ sensitive: false }).mutation(async ({ ctx }) => {
  await ctx.session.signOut();
  return { signedOut: true as const };
});
