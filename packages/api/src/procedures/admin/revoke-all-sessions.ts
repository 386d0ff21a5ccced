import { adminActProcedure } from '../../procedures.ts';

/** Ends all sessions of all users, including the caller's. */
export const revokeAllSessions = adminActProcedure.mutation(async ({ ctx }) => ({ ended: await ctx.sessions.revokeAll() }));
