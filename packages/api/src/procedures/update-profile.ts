import { profileUpdateInputSchema } from '@gatehouse/contract';
import { ajaxProtectedProcedure } from '../procedures.ts';

/** Changes the caller's name, and those of the app's own fields that they may edit. Their sessions show it from their next request. */
export const updateProfile = ajaxProtectedProcedure
  .meta({ sensitive: false })
  .input(profileUpdateInputSchema)
  .mutation(({ ctx, input }) => ctx.accounts.updateProfile(ctx.user.id, input));
