import { adminProcedure } from '../../procedures.ts';

/** Accounts and live sessions, counted. Administrators only. */
export const overview = adminProcedure.query(({ ctx }) => ctx.accounts.overview());
