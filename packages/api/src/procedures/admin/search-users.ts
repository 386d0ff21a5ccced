import { userSearchInputSchema } from '@gatehouse/contract';
import { adminProcedure } from '../../procedures.ts';

/** A page of accounts, found by the beginnings of words and by filters. */
export const searchUsers = adminProcedure
  .input(userSearchInputSchema.prefault({}))
  .query(({ ctx, input }) => ctx.accounts.searchUsers(input));
