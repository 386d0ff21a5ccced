import { handleInputSchema } from '@gatehouse/contract';
import { freshProcedure } from '../procedures.ts';
import { refuse } from '../refusal.ts';

/** Ends one of my sessions. Someone else's is answered as one that does not exist. */
export const revokeSession = freshProcedure.input(handleInputSchema).mutation(async ({ ctx, input }) => {
  if (!(await ctx.sessions.revoke(input.handle, { ofUser: ctx.user.id }))) throw refuse('NOT_FOUND');
  return { revoked: true as const };
});
