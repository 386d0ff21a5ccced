import { userIdsInputSchema } from '@gatehouse/contract';
import { adminActProcedure } from '../../procedures.ts';
import { refuse } from '../../refusal.ts';

/** Suspends several accounts, which ends all of their sessions. Refused as a whole if the caller's own account is among them. */
export const suspendUsers = adminActProcedure.input(userIdsInputSchema).mutation(({ ctx, input }) => {
  if (input.userIds.includes(ctx.user.id)) throw refuse('OWN_ACCOUNT');
  return ctx.accounts.suspendMany(input.userIds);
});
