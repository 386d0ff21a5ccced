import { adminProcedure } from '../../procedures.ts';

/** The number of accounts and live sessions. */
export const overview = adminProcedure.query(({ ctx }) => ctx.accounts.overview());
