import { userSessionPageInputSchema } from '@gatehouse/contract';
import { adminProcedure } from '../../procedures.ts';

/** Where someone is signed in, newest activity first, a page at a time. */
export const listUserSessions = adminProcedure
  .input(userSessionPageInputSchema)
  .query(({ ctx, input: { userId, ...page } }) => ctx.sessions.listByUser(userId, page));
