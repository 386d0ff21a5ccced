import { statusInputSchema } from '@gatehouse/contract';
import { adminActProcedure } from '../../procedures.ts';
import { refuse } from '../../refusal.ts';

/** Suspends an account, which ends all of its sessions, or reactivates it. Administrators cannot suspend themselves. */
export const setStatus = adminActProcedure.input(statusInputSchema).mutation(({ ctx, input }) => {
  if (input.userId === ctx.user.id) throw refuse('OWN_ACCOUNT');
  return ctx.accounts.setStatus(input.userId, input.status);
});
