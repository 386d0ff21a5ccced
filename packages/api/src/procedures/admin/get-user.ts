import { userInputSchema } from '@gatehouse/contract';
import { adminProcedure } from '../../procedures.ts';
import { refuse } from '../../refusal.ts';

/** Returns one account. */
export const getUser = adminProcedure.input(userInputSchema).query(async ({ ctx, input }) => {
  const user = await ctx.accounts.getUser(input.userId);
  if (!user) throw refuse('NOT_FOUND');
  return user;
});
