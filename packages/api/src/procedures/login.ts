import { loginInputSchema } from '@gatehouse/contract';
import { ajaxProcedure } from '../procedures.ts';
import { refuse } from '../refusal.ts';
import { describeMe } from './me.ts';

/** Signs in. A failed sign-in does not change the existing session. */
export const login = ajaxProcedure
  .meta({ sensitive: false })
  .input(loginInputSchema)
  .mutation(async ({ ctx, input }) => {
    const authentication = await ctx.accounts.authenticate(input);
    if (!authentication.ok) throw refuse(authentication.reason, authentication);
    const { user, credentialEpoch } = authentication;
    const signedIn = await ctx.session.signIn(user, { credentialEpoch, remember: input.remember });
    const state = ctx.session.state();
    if (!signedIn || !state.signedIn) throw refuse('INVALID_CREDENTIALS');
    return describeMe(state.user, state.session, ctx.now());
  });
