import { adminProcedure } from '../../procedures.ts';

/** Describes the app's own fields for a form. Administrators may change those that are not `readOnly`, with `admin.users.update`. */
export const accountFields = adminProcedure.query(({ ctx }) => ctx.accounts.accountFields('admin'));
