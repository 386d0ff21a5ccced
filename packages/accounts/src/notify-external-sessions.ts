import type { changeAccount } from './account-changes.ts';
import type { findUsers } from './find-users.ts';
import type { SessionsElsewhere } from './sessions-elsewhere.ts';

/** The changes that show in what a session holds of its user. */
type UserChanges = Pick<ReturnType<typeof changeAccount>, 'updateProfile' | 'updateAttributes' | 'setRole' | 'setStatus'>;
type UserLookup = Pick<ReturnType<typeof findUsers>, 'findUserById'>;

/**
 * The same changes, which show in sessions outside of the database before they are acknowledged. If those sessions cannot be
 * reached, the change is stored and the error says that it has to be made again. Making it again reaches them.
 */
export function notifyExternalSessions(changes: UserChanges & UserLookup, sessions: SessionsElsewhere): UserChanges {
  /**
   * Sends what the database has, not the result of one change, until that is what was sent last: two changes at once can reach the
   * sessions in the other order, and a user who just became an ordinary one would stay an administrator there.
   */
  async function notify(userId: string): Promise<void> {
    let user = await changes.findUserById(userId);
    while (user) {
      await sessions.userChanged(user);
      const current = await changes.findUserById(userId);
      if (JSON.stringify(current) === JSON.stringify(user)) return;
      user = current;
    }
  }

  async function afterwards<Outcome>(userId: string, change: Promise<Outcome>): Promise<Outcome> {
    const outcome = await change;
    await notify(userId);
    return outcome;
  }

  return {
    updateProfile: (userId, profile, options) => afterwards(userId, changes.updateProfile(userId, profile, options)),
    updateAttributes: (userId, fields, options) => afterwards(userId, changes.updateAttributes(userId, fields, options)),
    setRole: (userId, role, options) => afterwards(userId, changes.setRole(userId, role, options)),
    setStatus: (userId, status, options) => afterwards(userId, changes.setStatus(userId, status, options)),
  };
}
