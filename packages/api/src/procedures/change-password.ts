import { passwordChangeInputSchema } from '@gatehouse/contract';
import { ajaxProtectedProcedure } from '../procedures.ts';
import { refuse } from '../refusal.ts';

/**
 * Changes the caller's password and ends their other sessions. Always requires the current password, which is stricter than a fresh
 * session and makes this session fresh (ASVS 6.2.3, 7.4.3).
 */
export const changePassword = ajaxProtectedProcedure
  .meta({ sensitive: false })
  .input(passwordChangeInputSchema)
  .mutation(async ({ ctx, input }) => {
    const checked = await ctx.accounts.verifyPassword(ctx.user.id, input.currentPassword);
    if (!checked.ok) {
      if (checked.reason !== 'INVALID_CREDENTIALS') throw refuse(checked.reason, checked);
      throw refuse('WRONG_PASSWORD', { fields: { currentPassword: ['Incorrect password.'] } });
    }
    const changed = await ctx.accounts.changePassword(ctx.user.id, input.newPassword, { ifCredentialEpoch: checked.credentialEpoch });
    if (!changed.ok) throw refuse('INVALID_INPUT', { fields: { newPassword: changed.problems.password } });
    // Give this session a new secret, so that someone who has stolen the old one is signed out as well.
    if (!(await ctx.session.reauthenticate({ credentialEpoch: changed.credentialEpoch }))) throw refuse('SESSION_ENDED');
    return { ended: changed.ended };
  });
