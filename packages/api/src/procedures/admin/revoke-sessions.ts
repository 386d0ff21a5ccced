import { handlesInputSchema } from '@gatehouse/contract';
import { adminActProcedure } from '../../procedures.ts';

/** Ends several sessions of any users. Those that have ended already are not counted. */
export const revokeAnySessions = adminActProcedure
  .input(handlesInputSchema)
  .mutation(async ({ ctx, input }) => ({ ended: await ctx.sessions.revokeMany(input.handles) }));
