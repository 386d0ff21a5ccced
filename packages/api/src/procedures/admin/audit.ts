import { auditPageInputSchema } from '@gatehouse/contract';
import { adminProcedure } from '../../procedures.ts';

/** The audit trail, newest first, a page at a time: of one account, or one kind of event, or all. */
export const audit = adminProcedure.input(auditPageInputSchema).query(({ ctx, input }) => ctx.accounts.audit(input));
