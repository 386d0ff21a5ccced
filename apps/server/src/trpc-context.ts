import type { Accounts } from '@gatehouse/accounts';
import type { Context, SessionPort } from '@gatehouse/api';
import { isAjax, isCrossSite, sessionOf, type Engine, type Lifetimes } from '@gatehouse/session';
import type { Request } from 'express';
import type { ActivityLog } from './activity-log.ts';
import { answering } from './answering.ts';
import type { PasswordCheck } from './password-check.ts';
import { requestIdOf } from './request-log.ts';
import { sessionsPort } from './sessions-port.ts';

export interface ContextParts {
  readonly accounts: Accounts;
  readonly passwords: PasswordCheck;
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  readonly activity: ActivityLog;
  readonly trustedOrigins: readonly string[];
}

const USERS_A_PAGE = 50;

/** Joins the router's ports to express-session, the accounts and the request. */
export function trpcContext({ accounts, passwords, engine, lifetimes, activity, trustedOrigins }: ContextParts, req: Request): Context {
  return {
    call: { ajax: isAjax(req), crossSite: isCrossSite(req, trustedOrigins) },
    session: sessionPort(req, activity, passwords),
    sessions: sessionsPort({ engine, lifetimes, activity }, req),
    accounts: {
      authenticate: (credentials) => answering(() => passwords.verify(req, credentials)),
      verifyPassword: (userId, password) => answering(() => passwords.verifyAgain(req, userId, password)),
      async changePassword(userId, password, { ifCredentialEpoch }) {
        const exceptSessionKey = sessionOf(req).key();
        const outcome = await answering(() =>
          accounts.changePassword(userId, password, { ifCredentialEpoch, ...(exceptSessionKey !== undefined && { exceptSessionKey }) }),
        );
        if (outcome.ok) await activity.record(req, 'password_changed', userId);
        return outcome;
      },
      getUser: (userId) => answering(() => accounts.findUserById(userId)),
      findUser: (identifier) => answering(() => accounts.findUser(identifier)),
      async listUsers({ after }) {
        const users = await answering(() => accounts.listUsers({ limit: USERS_A_PAGE, ...(after !== undefined && { after }) }));
        return { users, next: users.length === USERS_A_PAGE ? (users.at(-1)?.username ?? null) : null };
      },
      setRole: (userId, role) => answering(() => accounts.setRole(userId, role)),
      setStatus: (userId, status) => answering(() => accounts.setStatus(userId, status)),
      async updateProfile(userId, profile) {
        const user = await answering(() => accounts.updateProfile(userId, profile));
        await activity.record(req, 'profile_changed', userId);
        return user;
      },
      recentActivity: (userId, options) => answering(() => accounts.recentActivity(userId, options)),
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
  return {
    state: () => session.state(),
    get data() {
      return req.session;
    },
    async signIn(user, options) {
      const signedIn = await answering(() => session.signIn(user, options));
      if (!signedIn) return false;
      passwords.rememberDevice(req, user.id);
      await activity.record(req, 'signed_in', user.id);
      return true;
    },
    reauthenticate: (options) => answering(() => session.reauthenticate(options)),
    async signOut() {
      const state = session.state();
      const handle = session.handle();
      await answering(() => session.flush());
      if (state.signedIn) await activity.record(req, 'signed_out', state.user.id, handle);
    },
    commit: () => answering(() => session.commit()),
  };
}
