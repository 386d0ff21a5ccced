import { protectedProcedure, requireRole } from '../procedures.ts';

/** Accounts and live sessions, counted. Administrators only. */
export const overview = protectedProcedure.concat(requireRole('admin')).query(({ ctx }) => ctx.accounts.overview());
