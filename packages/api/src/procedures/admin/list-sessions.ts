import { ownedSessionPageInputSchema } from '@gatehouse/contract';
import { adminProcedure } from '../../procedures.ts';

/** A page of the live sessions of all users, with filters. */
export const listAllSessions = adminProcedure
  .input(ownedSessionPageInputSchema.prefault({}))
  .query(({ ctx, input }) => ctx.sessions.listAll(input));
