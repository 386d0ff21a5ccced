import { sessionSearchInputSchema } from '@gatehouse/contract';
import { protectedProcedure } from '../procedures.ts';

/** A page of the caller's live sessions, searched and sorted, with how each was signed in. */
export const searchSessions = protectedProcedure
  .input(sessionSearchInputSchema.prefault({}))
  .query(({ ctx, input }) => ctx.sessions.searchByUser(ctx.user.id, input));
