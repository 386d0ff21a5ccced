import { auditPageInputSchema } from '@gatehouse/contract';
import { adminProcedure } from '../../procedures.ts';

/** A page of the audit trail, newest first, optionally filtered by account and kind of event. */
export const audit = adminProcedure.input(auditPageInputSchema).query(({ ctx, input }) => ctx.accounts.audit(input));
