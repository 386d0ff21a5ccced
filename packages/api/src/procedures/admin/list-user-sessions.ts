import { userSessionPageInputSchema } from '@gatehouse/contract';
import { adminProcedure } from '../../procedures.ts';

/** A page of a user's live sessions, most recent activity first. */
export const listUserSessions = adminProcedure
  .input(userSessionPageInputSchema)
  .query(({ ctx, input: { userId, ...page } }) => ctx.sessions.listByUser(userId, page));
