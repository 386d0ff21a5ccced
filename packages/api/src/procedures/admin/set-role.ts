import { roleInputSchema } from '@gatehouse/contract';
import { adminActProcedure } from '../../procedures.ts';
import { refuse } from '../../refusal.ts';

/** Changes the role of an account. Its sessions have it from their next request. Administrators cannot change their own role. */
export const setRole = adminActProcedure.input(roleInputSchema).mutation(({ ctx, input }) => {
  if (input.userId === ctx.user.id) throw refuse('OWN_ACCOUNT');
  return ctx.accounts.setRole(input.userId, input.role);
});
