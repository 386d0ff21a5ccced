import { protectedProcedure } from '../procedures.ts';

/**
 * Tells an open page about its own session, over server-sent events: that it ended, that the user changed, and that the user's list of
 * sessions changed. It is never activity, and ends with the session. A client calls it with `watchSession`.
 */
export const changes = protectedProcedure.subscription(({ ctx, signal }) => ctx.session.changes(signal));
