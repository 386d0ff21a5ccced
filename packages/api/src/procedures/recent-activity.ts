import { protectedProcedure } from '../procedures.ts';

/** The latest audit entries of the caller's account, newest first. */
export const recentActivity = protectedProcedure.query(({ ctx }) => ctx.accounts.recentActivity(ctx.user.id, { limit: 10 }));
