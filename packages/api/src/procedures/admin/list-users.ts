import { userPageInputSchema } from '@gatehouse/contract';
import { adminProcedure } from '../../procedures.ts';

/** Accounts by user name, a page at a time. */
export const listUsers = adminProcedure
  .input(userPageInputSchema)
  .query(({ ctx, input }) => ctx.accounts.listUsers({ after: input.cursor }));
