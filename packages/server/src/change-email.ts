import type { Accounts } from '@gatehouse/accounts';
import { refuse, type AccountsPort } from '@gatehouse/api';
import type { SignInLimits } from '@gatehouse/limits';
import type { Request } from 'express';
import { withAccountRefusals } from './account-refusals.ts';
import type { ActivityLog } from './activity-log.ts';

interface EmailChangeParts {
  readonly accounts: Accounts;
  readonly limits: SignInLimits;
  readonly activity: ActivityLog;
}

/**
 * A refusal tells the user that an address has an account. So each one counts like a wrong password, in a budget of the user's own, which
 * the right password does not reset. A change that is made costs nothing.
 */
export function emailChange({ accounts, limits, activity }: EmailChangeParts, req: Request): AccountsPort['changeEmail'] {
  return (userId, email, { ifCredentialEpoch }) =>
    withAccountRefusals(async () => {
      const attempt = await limits.attempt({
        identifierKey: '',
        address: req.ip,
        device: { userId: `e-mail addresses that ${userId} has tried`, device: '' },
      });
      if (!attempt.ok) throw refuse('TOO_MANY_ATTEMPTS', { retryAfterSeconds: Math.ceil(attempt.retryAfterMs / 1000) });
      const outcome = await accounts
        .changeEmail(userId, email, { ifCredentialEpoch, by: activity.actor(req, userId) })
        .catch(async (error: unknown) => {
          await attempt.cancelled();
          throw error;
        });
      if (outcome.ok || !outcome.isTaken) await attempt.cancelled();
      if (!outcome.ok) throw refuse('INVALID_INPUT', { fields: outcome.problems });
      if (outcome.isChanged) activity.log(req, { kind: 'email_changed', userId });
      return outcome.user;
    });
}
