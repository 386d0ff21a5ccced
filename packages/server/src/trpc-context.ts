import type { Accounts } from '@gatehouse/accounts';
import type { AccountsPort, Context, CustomContext, SessionPort } from '@gatehouse/api';
import { sessionOf, type Engine, type Lifetimes } from '@gatehouse/session';
import type { SessionFeed } from '@gatehouse/session/live';
import { isAjax, isCrossSite, madeForUser, presentsBearer, usesBearer } from '@gatehouse/session/request';
import type { Request } from 'express';
import type { ActivityLog } from './activity-log.ts';
import { requestIdOf } from './request-id.ts';
import { sessionChanges } from './session-changes.ts';
import { sessionsPort } from './sessions-port.ts';
import { withRefusals } from './to-trpc-error.ts';

export interface ContextParts {
  readonly accountsOf: (req: Request) => AccountsPort;
  /** undefined: the app has users of its own, and there is no audit trail. */
  readonly accounts: Accounts | undefined;
  /** Called when a password sign-in is stored. */
  readonly rememberDevice: (req: Request, userId: string) => void;
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  readonly activity: ActivityLog;
  readonly feed: SessionFeed;
  readonly trustedOrigins: readonly string[];
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Implements the router's ports for one request. */
export function trpcContext(
  { accountsOf, accounts, rememberDevice, engine, lifetimes, activity, feed, trustedOrigins, now }: ContextParts,
  req: Request,
): Omit<Context, keyof CustomContext> {
  return {
    call: {
      ajax: isAjax(req) || usesBearer(req),
      crossSite: !presentsBearer(req) && isCrossSite(req, trustedOrigins),
      madeForUser: madeForUser(req),
    },
    session: sessionPort(req, rememberDevice, feed),
    sessions: sessionsPort({ engine, lifetimes, activity, accounts }, req),
    accounts: accountsOf(req),
    now: () => new Date(now()),
    requestId: requestIdOf(req),
  };
}

function sessionPort(req: Request, rememberDevice: ContextParts['rememberDevice'], feed: SessionFeed): SessionPort {
  const session = sessionOf(req);

  return {
    state: () => session.state(),
    get data() {
      return req.session;
    },
    async signIn(user, options) {
      const signedIn = await withRefusals(() => session.signIn(user, { ...options, method: 'password' }));
      if (signedIn) rememberDevice(req, user.id);
      return signedIn;
    },
    reauthenticate: (options) => withRefusals(() => session.reauthenticate(options)),
    signOut: () => withRefusals(() => session.flush()),
    changes(signal) {
      const state = session.state();
      if (!state.signedIn) throw new Error('Nobody is signed in: use changes() in a protectedProcedure.');
      return sessionChanges(feed, state.session, signal);
    },
    commit: () => withRefusals(() => session.commit()),
  };
}
