import { protectedProcedure } from '../procedures.ts';

/**
 * Describes the app's own fields for a form. The caller may change those that are not `readOnly`, with `account.updateProfile`. The values are
 * in `auth.me`.
 */
export const accountFields = protectedProcedure.query(({ ctx }) => ctx.accounts.accountFields('owner'));
