import { emailChangeInputSchema } from '@gatehouse/contract';
import { ajaxProtectedProcedure } from '../procedures.ts';
import { refuse } from '../refusal.ts';

/** Changes the caller's e-mail address, which is also a name to sign in with. Always requires the current password, as `changePassword` does. */
export const changeEmail = ajaxProtectedProcedure
  .meta({ sensitive: false })
  .input(emailChangeInputSchema)
  .mutation(async ({ ctx, input }) => {
    const checked = await ctx.accounts.verifyPassword(ctx.user.id, input.currentPassword);
    if (!checked.ok) {
      if (checked.reason !== 'INVALID_CREDENTIALS') throw refuse(checked.reason, checked);
      throw refuse('WRONG_PASSWORD', { fields: { currentPassword: ['Incorrect password.'] } });
    }
    return ctx.accounts.changeEmail(ctx.user.id, input.email, { ifCredentialEpoch: checked.credentialEpoch });
  });
