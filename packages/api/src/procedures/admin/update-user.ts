import { userUpdateInputSchema } from '@gatehouse/contract';
import { adminActProcedure } from '../../procedures.ts';
import { refuse } from '../../refusal.ts';

/** Changes name, e-mail address, role and own fields of an account, all or none. Administrators cannot change their own role. */
export const updateUser = adminActProcedure.input(userUpdateInputSchema).mutation(({ ctx, input }) => {
  const { userId, ...changes } = input;
  if (userId === ctx.user.id && changes.role !== undefined && changes.role !== ctx.user.role) throw refuse('OWN_ACCOUNT');
  return ctx.accounts.updateUser(userId, changes);
});
