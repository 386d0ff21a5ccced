import { handleInputSchema } from '@gatehouse/contract';
import { adminActProcedure } from '../../procedures.ts';
import { refuse } from '../../refusal.ts';

/** Ends one session of any user. */
export const revokeSession = adminActProcedure.input(handleInputSchema).mutation(async ({ ctx, input }) => {
  if (!(await ctx.sessions.revoke(input.handle))) throw refuse('NOT_FOUND');
  return { revoked: true as const };
});
