import { handleInputSchema } from '@gatehouse/contract';
import { protectedProcedure } from '../procedures.ts';
import { refuse } from '../refusal.ts';

/** Details of one of the caller's sessions. A session of another user gives the same error as one that does not exist. */
export const getSession = protectedProcedure.input(handleInputSchema).query(async ({ ctx, input }) => {
  const session = await ctx.sessions.describe(input.handle, { ofUser: ctx.user.id });
  if (!session) throw refuse('NOT_FOUND');
  return session;
});
