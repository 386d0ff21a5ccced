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
    session: new SessionOfRequest(req, { rememberDevice, feed }),
    sessions: sessionsPort({ engine, lifetimes, activity, accounts }, req),
    accounts: accountsOf(req),
    now: () => new Date(now()),
    requestId: requestIdOf(req),
  };
}

/**
 * A class, because a getter in an object literal is a new function for each request, and V8 then keeps the request in memory until the next
 * full garbage collection.
 */
class SessionOfRequest implements SessionPort {
  readonly #req: Request;
  readonly #session: ReturnType<typeof sessionOf>;
  readonly #parts: Pick<ContextParts, 'rememberDevice' | 'feed'>;

  constructor(req: Request, parts: Pick<ContextParts, 'rememberDevice' | 'feed'>) {
    this.#req = req;
    this.#session = sessionOf(req);
    this.#parts = parts;
  }

  state(): ReturnType<SessionPort['state']> {
    return this.#session.state();
  }

  get data(): SessionPort['data'] {
    return this.#req.session;
  }

  async signIn(...[user, options]: Parameters<SessionPort['signIn']>): Promise<boolean> {
    const signedIn = await withRefusals(() => this.#session.signIn(user, { ...options, method: 'password' }));
    if (signedIn) this.#parts.rememberDevice(this.#req, user.id);
    return signedIn;
  }

  reauthenticate(...[options]: Parameters<SessionPort['reauthenticate']>): Promise<boolean> {
    return withRefusals(() => this.#session.reauthenticate(options));
  }

  signOut(): Promise<void> {
    return withRefusals(() => this.#session.flush());
  }

  changes(...[signal]: Parameters<SessionPort['changes']>): ReturnType<SessionPort['changes']> {
    const state = this.#session.state();
    if (!state.signedIn) throw new Error('Nobody is signed in: use changes() in a protectedProcedure.');
    return sessionChanges(this.#parts.feed, state.session, signal);
  }

  commit(): ReturnType<SessionPort['commit']> {
    return withRefusals(() => this.#session.commit());
  }
}
