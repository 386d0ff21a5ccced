import { handleInputSchema } from '@gatehouse/contract';
import { adminProcedure } from '../../procedures.ts';
import { refuse } from '../../refusal.ts';

/** Details of any session, with its data. Never contains the secret of its cookie or its hash. */
export const getAnySession = adminProcedure.input(handleInputSchema).query(async ({ ctx, input }) => {
  const session = await ctx.sessions.describeAny(input.handle);
  if (!session) throw refuse('NOT_FOUND');
  return session;
});
