import { userInputSchema } from '@gatehouse/contract';
import { adminProcedure } from '../../procedures.ts';
import { refuse } from '../../refusal.ts';

/** Returns one account, with its last sign-in, its number of sessions and whether it is locked. */
export const getUser = adminProcedure.input(userInputSchema).query(async ({ ctx, input }) => {
  const user = await ctx.accounts.describeUser(input.userId);
  if (!user) throw refuse('NOT_FOUND');
  return user;
});
