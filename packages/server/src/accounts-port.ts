import { identifierKeysOf } from '@gatehouse/accounts';
import { refuse, type AccountsPort } from '@gatehouse/api';
import { sessionOf } from '@gatehouse/session';
import type { Request } from 'express';
import { withAccountRefusals } from './account-refusals.ts';
import { administerUsers, type AdministrationParts } from './administer-users.ts';
import { emailChange } from './change-email.ts';
import { checkedEdits } from './checked-edits.ts';
import { namedEvents } from './named-events.ts';
import type { PasswordCheck } from './password-check.ts';

export interface AccountsPortParts extends AdministrationParts {
  /** See `adminStats`. */
  readonly stats: AccountsPort['stats'];
  readonly passwords: PasswordCheck;
}

const USERS_PER_PAGE = 50;
const EVENTS_PER_PAGE = 50;

/** The accounts, as the procedures of one request may use them. Each change is logged. */
export function accountsPort(parts: AccountsPortParts, req: Request): AccountsPort {
  const { accounts, passwords, limits, engine, activity } = parts;

  const setStatus: AccountsPort['setStatus'] = async (userId, status) => {
    const outcome = await withAccountRefusals(() => accounts.setStatus(userId, status, { by: activity.actor(req, userId) }));
    const subject = { userId, handle: null };
    if (status === 'active') activity.log(req, { kind: 'reactivated', ...subject });
    else activity.log(req, { kind: 'suspended', detail: { ended: outcome.ended }, ...subject });
    return outcome;
  };

  return {
    authenticate: (credentials) => withAccountRefusals(() => passwords.verify(req, credentials)),
    verifyPassword: (userId, password) => withAccountRefusals(() => passwords.verifyAgain(req, userId, password)),
    async changePassword(userId, password, { ifCredentialEpoch }) {
      const exceptHandle = sessionOf(req).handle();
      const outcome = await withAccountRefusals(() =>
        accounts.changePassword(userId, password, {
          ifCredentialEpoch,
          ...(exceptHandle !== undefined && { exceptHandle }),
          by: activity.actor(req, userId),
        }),
      );
      if (outcome.ok) activity.log(req, { kind: 'password_changed', userId, detail: { ended: outcome.ended } });
      return outcome;
    },
    changeEmail: emailChange(parts, req),
    getUser: (userId) => withAccountRefusals(() => accounts.findUserById(userId)),
    findUser: (identifier) => withAccountRefusals(() => accounts.findUser(identifier)),
    async listUsers({ after }) {
      const users = await withAccountRefusals(() => accounts.listUsers({ limit: USERS_PER_PAGE, ...(after !== undefined && { after }) }));
      return { users, next: users.length === USERS_PER_PAGE ? (users.at(-1)?.username ?? null) : null };
    },
    async setRole(userId, role) {
      const user = await withAccountRefusals(() => accounts.setRole(userId, role, { by: activity.actor(req, userId) }));
      activity.log(req, { kind: 'role_changed', detail: { to: role }, userId, handle: null });
      return user;
    },
    setStatus,
    async deleteUser(userId) {
      const outcome = await withAccountRefusals(() => accounts.deleteUser(userId, { by: activity.actor(req, userId) }));
      // The row of the audit trail, written with the deletion, has the name.
      activity.log(req, { kind: 'user_deleted', userId, handle: null });
      return outcome;
    },
    async unlock(userId) {
      await withAccountRefusals(async () => {
        const user = await accounts.findUserById(userId);
        if (!user) throw refuse('NOT_FOUND');
        await limits.unlockAccount({ identifierKeys: identifierKeysOf(user), userId });
      });
      await activity.record(req, { kind: 'unlocked', userId, handle: null });
    },
    async updateProfile(userId, profile) {
      const { changes, fields } = checkedEdits(parts.editable, 'owner', profile);
      const user = await withAccountRefusals(() => accounts.updateProfile(userId, changes, { by: activity.actor(req, userId) }));
      activity.log(req, { kind: 'profile_changed', detail: { fields }, userId });
      return user;
    },
    accountFields: (editor) => Promise.resolve(parts.editable.describe(editor)),
    recentActivity: (userId, options) => withAccountRefusals(() => accounts.recentActivity(userId, options)),
    audit: ({ cursor, ...filter }) =>
      withAccountRefusals(async () => {
        const page = await accounts.listAudit({ ...filter, before: cursor, limit: EVENTS_PER_PAGE });
        return { ...page, ...(await namedEvents(accounts, page.events, [filter.userId, filter.actorId])) };
      }),
    async overview() {
      const [users, live] = await withAccountRefusals(() => Promise.all([accounts.countUsers(), engine.count()]));
      return { users, liveSessions: live.sessions, signedInUsers: live.users };
    },
    stats: () => withAccountRefusals(parts.stats),
    ...administerUsers(parts, req, { setStatus }),
  };
}
