import { adminActProcedure } from '../../procedures.ts';

/** Ends everyone's sessions, this one too. */
export const revokeAllSessions = adminActProcedure.mutation(async ({ ctx }) => ({ ended: await ctx.sessions.revokeAll() }));
