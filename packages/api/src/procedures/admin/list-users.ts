import { userPageInputSchema } from '@gatehouse/contract';
import { adminProcedure } from '../../procedures.ts';

/** A page of accounts, ordered by user name. */
export const listUsers = adminProcedure
  .input(userPageInputSchema)
  .query(({ ctx, input }) => ctx.accounts.listUsers({ after: input.cursor }));
