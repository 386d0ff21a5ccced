import { protectedProcedure } from '../procedures.ts';

/** Where I am signed in, newest activity first. */
export const listSessions = protectedProcedure.query(({ ctx }) => ctx.sessions.listByUser(ctx.user.id));
