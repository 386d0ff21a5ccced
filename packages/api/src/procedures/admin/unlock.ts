import { userInputSchema } from '@gatehouse/contract';
import { adminActProcedure } from '../../procedures.ts';

/** Lets someone sign in at once whose sign-ins failed too often. */
export const unlock = adminActProcedure.input(userInputSchema).mutation(({ ctx, input }) => ctx.accounts.unlock(input.userId));
