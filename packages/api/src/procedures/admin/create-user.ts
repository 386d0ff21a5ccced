import { userCreateInputSchema } from '@gatehouse/contract';
import { adminActProcedure } from '../../procedures.ts';

/** Creates an account with a generated password, which is returned once. @throws INVALID_INPUT with messages by field */
export const createUser = adminActProcedure.input(userCreateInputSchema).mutation(({ ctx, input }) => ctx.accounts.createUser(input));
