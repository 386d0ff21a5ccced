import { userInputSchema } from '@gatehouse/contract';
import { adminActProcedure } from '../../procedures.ts';

/** Ends all sessions of an account, except the caller's current one. */
export const revokeUserSessions = adminActProcedure
  .input(userInputSchema)
  .mutation(async ({ ctx, input }) => ({ ended: await ctx.sessions.revokeByUser(input.userId) }));
