import { sessionPageInputSchema } from '@gatehouse/contract';
import { protectedProcedure } from '../procedures.ts';

/** Where I am signed in, newest activity first, a page at a time. */
export const listSessions = protectedProcedure
  .input(sessionPageInputSchema.prefault({}))
  .query(({ ctx, input }) => ctx.sessions.listByUser(ctx.user.id, input));
