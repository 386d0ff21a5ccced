import { roleInputSchema } from '@gatehouse/contract';
import { adminActProcedure } from '../../procedures.ts';
import { refuse } from '../../refusal.ts';

/** Gives an account another role; every session of theirs has it on its next request. Nobody changes their own. */
export const setRole = adminActProcedure.input(roleInputSchema).mutation(({ ctx, input }) => {
  if (input.userId === ctx.user.id) throw refuse('OWN_ACCOUNT');
  return ctx.accounts.setRole(input.userId, input.role);
});
