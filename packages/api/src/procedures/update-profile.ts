import { profileInputSchema } from '@gatehouse/contract';
import { ajaxProtectedProcedure } from '../procedures.ts';

/** Changes the caller's name. Their sessions show it from their next request. */
export const updateProfile = ajaxProtectedProcedure
  .meta({ sensitive: false })
  .input(profileInputSchema)
  .mutation(({ ctx, input }) => ctx.accounts.updateProfile(ctx.user.id, input));
