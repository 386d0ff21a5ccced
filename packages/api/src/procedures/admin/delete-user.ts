import { userInputSchema } from '@gatehouse/contract';
import { adminActProcedure } from '../../procedures.ts';
import { refuse } from '../../refusal.ts';

/** Deletes an account and its sessions permanently. Administrators cannot delete their own account. */
export const deleteUser = adminActProcedure.input(userInputSchema).mutation(({ ctx, input }) => {
  if (input.userId === ctx.user.id) throw refuse('OWN_ACCOUNT');
  return ctx.accounts.deleteUser(input.userId);
});
