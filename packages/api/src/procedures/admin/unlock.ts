import { userInputSchema } from '@gatehouse/contract';
import { adminActProcedure } from '../../procedures.ts';

/** Unlocks an account after too many failed sign-ins. */
export const unlock = adminActProcedure.input(userInputSchema).mutation(({ ctx, input }) => ctx.accounts.unlock(input.userId));
