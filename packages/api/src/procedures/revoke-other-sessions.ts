import { freshProcedure } from '../procedures.ts';

/** Ends the caller's sessions except this one. */
export const revokeOtherSessions = freshProcedure.mutation(async ({ ctx }) => ({ ended: await ctx.sessions.revokeByUser(ctx.user.id) }));
