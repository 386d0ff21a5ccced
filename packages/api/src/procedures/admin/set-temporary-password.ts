import { userInputSchema } from '@gatehouse/contract';
import { adminActProcedure } from '../../procedures.ts';
import { refuse } from '../../refusal.ts';

/** Replaces the password of an account by a generated one, which is returned once, and ends all of its sessions. Not for the own account. */
export const setTemporaryPassword = adminActProcedure.input(userInputSchema).mutation(({ ctx, input }) => {
  if (input.userId === ctx.user.id) throw refuse('OWN_ACCOUNT');
  return ctx.accounts.setTemporaryPassword(input.userId);
});
