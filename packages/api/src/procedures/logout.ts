import { ajaxSameUserProcedure } from '../procedures.ts';

/** Signs out. Succeeds if nobody is signed in. Does not sign out a user other than the one the page was loaded for. */
export const logout = ajaxSameUserProcedure.meta({ sensitive: false }).mutation(async ({ ctx }) => {
  await ctx.session.signOut();
  return { signedOut: true as const };
});
