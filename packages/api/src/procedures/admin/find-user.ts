import { identifierInputSchema } from '@gatehouse/contract';
import { adminProcedure } from '../../procedures.ts';

/** Finds an account by user name or e-mail address, case-insensitively. Returns null if there is none. */
export const findUser = adminProcedure
  .input(identifierInputSchema)
  .query(async ({ ctx, input }) => (await ctx.accounts.findUser(input.identifier)) ?? null);
