import type { Me, SessionUser } from '@gatehouse/contract';
import type { SessionView } from '../ports.ts';
import { protectedProcedure } from '../procedures.ts';

export const describeMe = (user: SessionUser, session: SessionView, serverNow: Date): Me => ({
  user,
  session: { ...session, freshUntil: session.freshUntil ?? null },
  serverNow,
});

/** Who is signed in, and this session's clocks. */
export const me = protectedProcedure.query(({ ctx }) => describeMe(ctx.user, ctx.view, ctx.now()));
