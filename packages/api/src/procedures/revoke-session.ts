import { handleInputSchema } from '@gatehouse/contract';
import { freshProcedure } from '../procedures.ts';
import { refuse } from '../refusal.ts';

/** Ends one of the caller's sessions. A session of another user gives the same error as one that does not exist. */
export const revokeSession = freshProcedure.input(handleInputSchema).mutation(async ({ ctx, input }) => {
  if (!(await ctx.sessions.revoke(input.handle, { ofUser: ctx.user.id }))) throw refuse('NOT_FOUND');
  return { revoked: true as const };
});
