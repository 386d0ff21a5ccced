import { handlesInputSchema } from '@gatehouse/contract';
import { freshProcedure } from '../procedures.ts';

/** Ends several of the caller's sessions. Those that have ended already, and other users' sessions, are not counted. */
export const revokeSessions = freshProcedure
  .input(handlesInputSchema)
  .mutation(async ({ ctx, input }) => ({ ended: await ctx.sessions.revokeMany(input.handles, { ofUser: ctx.user.id }) }));
