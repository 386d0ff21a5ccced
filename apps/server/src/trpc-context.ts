import { identifierKeysOf, type Accounts } from '@gatehouse/accounts';
import { refuse, type Context, type SessionPort } from '@gatehouse/api';
import type { SignInLimits } from '@gatehouse/limits';
import { sessionOf, type Engine, type Lifetimes } from '@gatehouse/session';
import { isAjax, isCrossSite, madeForUser } from '@gatehouse/session/request';
import type { Request } from 'express';
import type { ActivityLog } from './activity-log.ts';
import { answering } from './answering.ts';
import type { PasswordCheck } from './password-check.ts';
import { requestIdOf } from './request-log.ts';
import { sessionsPort } from './sessions-port.ts';

export interface ContextParts {
  readonly accounts: Accounts;
  readonly passwords: PasswordCheck;
  readonly limits: SignInLimits;
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  readonly activity: ActivityLog;
  readonly trustedOrigins: readonly string[];
}

const USERS_A_PAGE = 50;
const AUDIT_PAGE = 50;

/** Joins the router's ports to express-session, the accounts and the request. */
export function trpcContext(
  { accounts, passwords, limits, engine, lifetimes, activity, trustedOrigins }: ContextParts,
  req: Request,
): Context {
  return {
    call: { ajax: isAjax(req), crossSite: isCrossSite(req, trustedOrigins), madeForUser: madeForUser(req) },
    session: sessionPort(req, activity, passwords),
    sessions: sessionsPort({ engine, lifetimes, activity }, req),
    accounts: {
      authenticate: (credentials) => answering(() => passwords.verify(req, credentials)),
      verifyPassword: (userId, password) => answering(() => passwords.verifyAgain(req, userId, password)),
      async changePassword(userId, password, { ifCredentialEpoch }) {
        const exceptHandle = sessionOf(req).handle();
        const outcome = await answering(() =>
          accounts.changePassword(userId, password, {
            ifCredentialEpoch,
            ...(exceptHandle !== undefined && { exceptHandle }),
            by: activity.actor(req, userId),
          }),
        );
        if (outcome.ok) activity.log(req, { kind: 'password_changed', userId, detail: { ended: outcome.ended } });
        return outcome;
      },
      getUser: (userId) => answering(() => accounts.findUserById(userId)),
      findUser: (identifier) => answering(() => accounts.findUser(identifier)),
      async listUsers({ after }) {
        const users = await answering(() => accounts.listUsers({ limit: USERS_A_PAGE, ...(after !== undefined && { after }) }));
        return { users, next: users.length === USERS_A_PAGE ? (users.at(-1)?.username ?? null) : null };
      },
      async setRole(userId, role) {
        const user = await answering(() => accounts.setRole(userId, role, { by: activity.actor(req, userId) }));
        activity.log(req, { kind: 'role_changed', detail: { to: role }, userId, handle: null });
        return user;
      },
      async setStatus(userId, status) {
        const outcome = await answering(() => accounts.setStatus(userId, status, { by: activity.actor(req, userId) }));
        const about = { userId, handle: null };
        if (status === 'active') activity.log(req, { kind: 'reactivated', ...about });
        else activity.log(req, { kind: 'suspended', detail: { ended: outcome.ended }, ...about });
        return outcome;
      },
      async deleteUser(userId) {
        const outcome = await answering(() => accounts.deleteUser(userId, { by: activity.actor(req, userId) }));
        // The name that was is in the row, which was written with the act.
        activity.log(req, { kind: 'user_deleted', userId, handle: null });
        return outcome;
      },
      async unlock(userId) {
        await answering(async () => {
          const user = await accounts.findUserById(userId);
          if (!user) throw refuse('NOT_FOUND');
          await limits.unlockAccount({ identifierKeys: identifierKeysOf(user), userId });
        });
        await activity.record(req, { kind: 'unlocked', userId, handle: null });
      },
      async updateProfile(userId, profile) {
        const user = await answering(() => accounts.updateProfile(userId, profile, { by: activity.actor(req, userId) }));
        activity.log(req, { kind: 'profile_changed', userId });
        return user;
      },
      recentActivity: (userId, options) => answering(() => accounts.recentActivity(userId, options)),
      audit: ({ cursor, ...filter }) =>
        answering(async () => {
          const page = await accounts.listAudit({ ...filter, before: cursor, limit: AUDIT_PAGE });
          const ids = new Set([filter.userId, ...page.events.flatMap(({ userId, actorId }) => [userId, actorId])]);
          return { ...page, accounts: await accounts.namesOf([...ids].filter((id) => typeof id === 'string')) };
        }),
      async overview() {
        const [users, live] = await answering(() => Promise.all([accounts.countUsers(), engine.count()]));
        return { users, liveSessions: live.sessions, signedInUsers: live.users };
      },
    },
    now: () => new Date(),
    requestId: requestIdOf(req),
  };
}

function sessionPort(req: Request, activity: ActivityLog, passwords: PasswordCheck): SessionPort {
  const session = sessionOf(req);

  /** Whose session this is, for when it is not any more. */
  function present() {
    const state = session.state();
    if (!state.signedIn) return undefined;
    return { userId: state.user.id, by: activity.actor(req, state.user.id), handle: state.session.handle };
  }

  return {
    state: () => session.state(),
    get data() {
      return req.session;
    },
    async signIn(user, options) {
      const signedIn = await answering(() => session.signIn(user, { ...options, method: 'password' }));
      if (signedIn) passwords.rememberDevice(req, user.id);
      return signedIn;
    },
    reauthenticate: (options) => answering(() => session.reauthenticate(options)),
    async signOut() {
      const before = present();
      await answering(() => session.flush());
      if (before) await activity.record(req, { kind: 'signed_out', reason: 'signed_out', ...before });
    },
    commit: () => answering(() => session.commit()),
  };
}
