import { sessionPageInputSchema } from '@gatehouse/contract';
import { protectedProcedure } from '../procedures.ts';

/** A page of the caller's live sessions, most recent activity first. */
export const listSessions = protectedProcedure
  .input(sessionPageInputSchema.prefault({}))
  .query(({ ctx, input }) => ctx.sessions.listByUser(ctx.user.id, input));
