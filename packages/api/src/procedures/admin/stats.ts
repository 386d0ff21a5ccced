import { adminProcedure } from '../../procedures.ts';

/** The figures of the administrators' overview. */
export const stats = adminProcedure.query(({ ctx }) => ctx.accounts.stats());
