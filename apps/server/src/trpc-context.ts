import type { Accounts } from '@gatehouse/accounts';
import { isDatabaseUnavailable } from '@gatehouse/prisma';
import { refuse, type Context, type SessionPort } from '@gatehouse/api';
import { isAjax, isCrossSite, sessionOf, StorageUnavailableError, type Engine } from '@gatehouse/session';
import type { Request } from 'express';
import type { ActivityLog } from './activity-log.ts';
import { requestIdOf } from './request-log.ts';

export interface ContextParts {
  readonly accounts: Accounts;
  readonly engine: Engine;
  readonly activity: ActivityLog;
  readonly trustedOrigins: readonly string[];
}

/** Joins the router's ports to express-session, the accounts and the request. */
export function trpcContext({ accounts, engine, activity, trustedOrigins }: ContextParts, req: Request): Context {
  return {
    call: { ajax: isAjax(req), crossSite: isCrossSite(req, trustedOrigins) },
    session: sessionPort(req, activity),
    accounts: {
      async authenticate(credentials) {
        const outcome = await answering(() => accounts.authenticate(credentials));
        if (!outcome.ok && outcome.reason === 'INVALID_CREDENTIALS') await activity.signInFailed(req, credentials.identifier);
        return outcome;
      },
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

function sessionPort(req: Request, activity: ActivityLog): SessionPort {
  const session = sessionOf(req);
  return {
    state: () => session.state(),
    get data() {
      return req.session;
    },
    async signIn(user, options) {
      const signedIn = await answering(() => session.signIn(user, options));
      if (signedIn) await activity.record(req, 'signed_in', user.id);
      return signedIn;
    },
    async signOut() {
      const state = session.state();
      const handle = session.handle();
      await answering(() => session.flush());
      if (state.signedIn) await activity.record(req, 'signed_out', state.user.id, handle);
    },
    commit: () => answering(() => session.commit()),
  };
}

/** A storage that is down is answered as such, in the router's words. */
async function answering<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StorageUnavailableError || isDatabaseUnavailable(error) ? refuse('STORAGE_UNAVAILABLE') : error;
  }
}
