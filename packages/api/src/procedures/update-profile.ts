import { profileInputSchema } from '@gatehouse/contract';
import { ajaxProtectedProcedure } from '../procedures.ts';

/** Changes my name; every session of mine shows it on its next request. */
export const updateProfile = ajaxProtectedProcedure
  .meta({ sensitive: false })
  .input(profileInputSchema)
  .mutation(({ ctx, input }) => ctx.accounts.updateProfile(ctx.user.id, input));
