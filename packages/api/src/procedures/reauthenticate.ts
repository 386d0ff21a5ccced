import { reauthenticateInputSchema } from '@gatehouse/contract';
import { ajaxProtectedProcedure } from '../procedures.ts';
import { refuse } from '../refusal.ts';
import { describeMe } from './me.ts';

/** Verifies the caller's password again, gives the session a new secret and makes it fresh. A wrong password changes nothing. */
export const reauthenticate = ajaxProtectedProcedure
  .meta({ sensitive: false })
  .input(reauthenticateInputSchema)
  .mutation(async ({ ctx, input }) => {
    const checked = await ctx.accounts.verifyPassword(ctx.user.id, input.password);
    if (!checked.ok) throw refuse(checked.reason === 'INVALID_CREDENTIALS' ? 'WRONG_PASSWORD' : checked.reason, checked);
    const renewed = await ctx.session.reauthenticate({ credentialEpoch: checked.credentialEpoch });
    const state = ctx.session.state();
    if (!renewed || !state.signedIn) throw refuse('SESSION_ENDED');
    return describeMe(state.user, state.session, ctx.now());
  });
