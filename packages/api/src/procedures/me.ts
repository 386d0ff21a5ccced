import type { Me, SessionUser, SessionView } from '@gatehouse/contract';
import { protectedProcedure } from '../procedures.ts';

export const describeMe = (user: SessionUser, session: SessionView, serverNow: Date): Me => ({
  user,
  session: { ...session, freshUntil: session.freshUntil ?? null },
  serverNow,
});

/** The signed-in user and the times of their session. */
export const me = protectedProcedure.query(({ ctx }) => describeMe(ctx.user, ctx.view, ctx.now()));
