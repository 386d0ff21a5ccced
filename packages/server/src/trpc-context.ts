import type { AccountsPort, Context, CustomContext, SessionPort } from '@gatehouse/api';
import { sessionOf, type Engine, type Lifetimes } from '@gatehouse/session';
import { isAjax, isCrossSite, madeForUser } from '@gatehouse/session/request';
import type { Request } from 'express';
import type { ActivityLog } from './activity-log.ts';
import { requestIdOf } from './request-id.ts';
import { sessionsPort } from './sessions-port.ts';
import { withRefusals } from './to-trpc-error.ts';

export interface ContextParts {
  readonly accountsOf: (req: Request) => AccountsPort;
  /** Called when a password sign-in is stored. */
  readonly rememberDevice: (req: Request, userId: string) => void;
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  readonly activity: ActivityLog;
  readonly trustedOrigins: readonly string[];
}

/** Implements the router's ports for one request. */
export function trpcContext(
  { accountsOf, rememberDevice, engine, lifetimes, activity, trustedOrigins }: ContextParts,
  req: Request,
): Omit<Context, keyof CustomContext> {
  return {
    call: { ajax: isAjax(req), crossSite: isCrossSite(req, trustedOrigins), madeForUser: madeForUser(req) },
    session: sessionPort(req, activity, rememberDevice),
    sessions: sessionsPort({ engine, lifetimes, activity }, req),
    accounts: accountsOf(req),
    now: () => new Date(),
    requestId: requestIdOf(req),
  };
}

function sessionPort(req: Request, activity: ActivityLog, rememberDevice: ContextParts['rememberDevice']): SessionPort {
  const session = sessionOf(req);

  /** The session and its user, to be logged after it has ended. */
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
      const signedIn = await withRefusals(() => session.signIn(user, { ...options, method: 'password' }));
      if (signedIn) rememberDevice(req, user.id);
      return signedIn;
    },
    reauthenticate: (options) => withRefusals(() => session.reauthenticate(options)),
    async signOut() {
      const before = present();
      await withRefusals(() => session.flush());
      if (before) await activity.record(req, { kind: 'signed_out', reason: 'signed_out', ...before });
    },
    commit: () => withRefusals(() => session.commit()),
  };
}
