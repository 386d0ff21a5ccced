import { freshProcedure } from '../procedures.ts';

/** Ends all of my sessions but this one. */
export const revokeOtherSessions = freshProcedure.mutation(async ({ ctx }) => ({ ended: await ctx.sessions.revokeByUser(ctx.user.id) }));
