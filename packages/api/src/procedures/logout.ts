import { ajaxProcedure } from '../procedures.ts';

/** Signs out; signed out already is a success. */
export const logout = ajaxProcedure.mutation(async ({ ctx }) => {
  await ctx.session.signOut();
  return { signedOut: true as const };
});
