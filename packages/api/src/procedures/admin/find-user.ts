import { identifierInputSchema } from '@gatehouse/contract';
import { adminProcedure } from '../../procedures.ts';

/** The account of a user name or an e-mail address, in any case; null if there is none. */
export const findUser = adminProcedure
  .input(identifierInputSchema)
  .query(async ({ ctx, input }) => (await ctx.accounts.findUser(input.identifier)) ?? null);
