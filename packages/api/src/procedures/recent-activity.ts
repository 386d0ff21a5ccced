import { protectedProcedure } from '../procedures.ts';

/** What happened to my account lately, newest first. */
export const recentActivity = protectedProcedure.query(({ ctx }) => ctx.accounts.recentActivity(ctx.user.id, { limit: 10 }));
