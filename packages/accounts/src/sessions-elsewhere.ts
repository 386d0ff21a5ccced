import type { SessionUser } from '@gatehouse/contract';
import type { Accounts } from './accounts.ts';

/** Sessions that are not rows of the database, and so do not change with an account in one transaction. */
export interface SessionsElsewhere {
  /** Ends a user's sessions but one; returns how many. */
  destroyByUser(userId: string, options?: { exceptKey?: string }): Promise<number>;
  /** Renews what the sessions hold of their user. */
  userChanged(user: SessionUser): Promise<void>;
}

/**
 * The same accounts, whose changes reach sessions elsewhere before they are acknowledged. First the database, because
 * a sign-in that is under way asks it once more when its session is there: so none is made from what was just changed
 * and missed. If the sessions cannot be reached the change stands and the error says that it has to be done again;
 * doing it again ends them.
 */
export function withSessionsElsewhere(accounts: Accounts, sessions: SessionsElsewhere): Accounts {
  async function told(user: SessionUser): Promise<SessionUser> {
    await sessions.userChanged(user);
    return user;
  }
  return {
    ...accounts,
    updateProfile: async (userId, profile, options) => told(await accounts.updateProfile(userId, profile, options)),
    setRole: async (userId, role, options) => told(await accounts.setRole(userId, role, options)),

    async changePassword(userId, password, options = {}) {
      const outcome = await accounts.changePassword(userId, password, options);
      if (!outcome.ok) return outcome;
      const exceptKey = options.exceptSessionKey;
      const ended = await sessions.destroyByUser(userId, exceptKey === undefined ? {} : { exceptKey });
      return { ...outcome, ended: outcome.ended + ended };
    },

    async setStatus(userId, status, options) {
      const { user, ended } = await accounts.setStatus(userId, status, options);
      await sessions.userChanged(user);
      return { user, ended: ended + (status === 'active' ? 0 : await sessions.destroyByUser(userId)) };
    },

    async deleteUser(userId, options) {
      const { ended } = await accounts.deleteUser(userId, options);
      return { ended: ended + (await sessions.destroyByUser(userId)) };
    },
  };
}
