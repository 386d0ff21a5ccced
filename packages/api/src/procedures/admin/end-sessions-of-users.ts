import { userIdsInputSchema } from '@gatehouse/contract';
import { adminActProcedure } from '../../procedures.ts';

/** Ends all sessions of several accounts, except the caller's current one. */
export const endSessionsOfUsers = adminActProcedure
  .input(userIdsInputSchema)
  .mutation(({ ctx, input }) => ctx.sessions.revokeByUsers(input.userIds));
