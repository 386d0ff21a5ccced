import { userInputSchema } from '@gatehouse/contract';
import { adminActProcedure } from '../../procedures.ts';
import { refuse } from '../../refusal.ts';

/** Removes an account for good, with its sessions. Nobody removes themselves. */
export const deleteUser = adminActProcedure.input(userInputSchema).mutation(({ ctx, input }) => {
  if (input.userId === ctx.user.id) throw refuse('OWN_ACCOUNT');
  return ctx.accounts.deleteUser(input.userId);
});
