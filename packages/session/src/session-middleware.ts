import type { IncomingMessage, ServerResponse } from 'node:http';
import { safeNextPath, LOGIN_PATH } from '@gatehouse/contract';
import type { Request, Response } from 'express';
import expressSession from 'express-session';
import onHeaders from 'on-headers';
import { isBackground } from './call-origin.ts';
import { clientAddress } from './client-address.ts';
import type { Adoption } from './adoption/adoption.ts';
import { commitBefore, commitLate, commitUpgrade } from './commit-answer.ts';
import { assertDeliverable, checkCookieSettings } from './cookie-checks.ts';
import { createCookieWriter } from './cookie-writer.ts';
import type { Engine, Lifetimes } from './engine-port.ts';
import { ManagedStore } from './managed-store.ts';
import type { NodeMiddleware } from './node-request.ts';
import { presentedIn, type Presented } from './presented-cookies.ts';
import { contextOf, setContext, type RequestContext } from './request-context.ts';
import { createRequestSession } from './request-session.ts';
import { gateResponse, isNodeResponse } from './response-gate.ts';
import { newCookieId, withoutCookie, type CookieSettings } from './session-cookie.ts';
import type { DataSchema } from './session-schema.ts';
import type { OnSignIn } from './sign-in-event.ts';
import { visitScope, type VisitScope } from './visit-scope.ts';
import { warnOnce } from './warn-once.ts';
import './session-types.ts';

export { sessionOf } from './request-context.ts';

export interface SessionMiddlewareOptions {
  /** Bounded in time: see `withDeadline`. */
  readonly engine: Engine;
  /** When sessions end; the engine was opened with the same. From settings: `lifetimesOf(settings.session)`. */
  readonly lifetimes: Lifetimes;
  /** From settings: `settings.session.cookie`. */
  readonly cookie: CookieSettings;
  /** 32 random characters or more. The first signs, all verify. From settings: `sessionSecrets(settings)`. */
  readonly secrets: readonly [string, ...string[]];
  /** How long after the password was checked a session is fresh. Default: 10 minutes. */
  readonly freshAgeMs?: number;
  /** Takes over the sessions of the app that was here before. Default: none. */
  readonly adoption?: Adoption | undefined;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** The keys whose values have types to give back, dates above all: docs/express.md. Default: the contract's `sessionDataSchema`. */
  readonly schema?: DataSchema;
  /**
   * A session with more data than this, as JSON, is refused with SessionTooLargeError, and what is stored stays as it was.
   * Default: 262144 (256 KiB). From settings: `settings.session.maxDataBytes`.
   */
  readonly maxDataBytes?: number;
  /**
   * Where `requireSession` sends people, as the browser sees it: `/shop/login`. Default: `/login`, below the prefix that a proxy cuts off (its
   * X-Forwarded-Prefix; else the cookie's path, where a request lies outside of that).
   */
  readonly signInPath?: string;
  /**
   * A user has signed in, and it is stored: the place to write the audit trail. The answer waits for it. An error of it is a process warning,
   * `GATEHOUSE_ON_SIGN_IN`, and fails nothing. Default: nothing.
   */
  readonly onSignIn?: OnSignIn | undefined;
}

/** Their old cookie is of no use any more. */
const settledOldCookies = new WeakSet<IncomingMessage>();

/**
 * Every request behind it has a session: `req.session` for its data, `sessionOf(req)` for the rest. express-session
 * parses, verifies and loads; this decides about time, saving and cookies.
 *
 * - Loading writes activity and slides the expiry, at most once an activity interval; not for a request that says that no person
 *   caused it (`X-Gatehouse-Background`).
 * - What a handler changes is stored before the response's headers leave; a 5xx stores nothing.
 * - A storage that cannot answer is an error, `StorageUnavailableError`, never an anonymous request; a session
 *   that was ended while the request ran is `SessionEndedError`. Both go to `next`: see `sessionErrorHandler`.
 * - A new session whose cookie the browser would not get or keep is `UndeliverableCookieError`, and is not stored.
 *
 * Runs under Express 4 and 5, connect, polka, Vite, plain `http` and Socket.IO's `engine.use`. Outside Express a proxy in front is believed
 * if a middleware before this one sets `req.secure` and `req.ip` by it.
 *
 * @throws CookieSettingsError
 */
export function sessionMiddleware({
  engine,
  lifetimes,
  cookie,
  secrets,
  freshAgeMs = 10 * 60 * 1000,
  adoption,
  now = Date.now,
  schema,
  maxDataBytes,
  signInPath,
  onSignIn,
}: SessionMiddlewareOptions): NodeMiddleware {
  checkCookieSettings(cookie);
  if (signInPath !== undefined && safeNextPath(signInPath) !== signInPath && signInPath !== LOGIN_PATH)
    throw new TypeError('signInPath must be a path on this origin, such as /shop/login.');
  const newId = (req: IncomingMessage): string => newCookieId(cookie, hasForeign(req));
  const store = new ManagedStore({
    engine,
    lifetimes,
    now,
    cookie,
    newId,
    scopeOf: (req) => contextOf(req)?.scope,
    ...(schema && { schema }),
    ...(maxDataBytes !== undefined && { maxDataBytes }),
  });
  const load = expressSession({
    store,
    name: cookie.name,
    secret: [...secrets],
    genid: newId,
    resave: false,
    saveUninitialized: false,
    rolling: false,
    // Not the cookie's: behind a proxy that cuts a prefix off, express-session would find no request under it.
    cookie: { path: '/' },
  });
  store.takeBack();
  const writeCookie = createCookieWriter(cookie, secrets[0]);

  return (req, res, next) => {
    // Mounted twice, as by a router that comes with its own.
    if (contextOf(req)?.session) return next();
    const presented = presentedIn(req.headers.cookie, cookie, secrets);
    if (presented.count > 1) keepOne(req, cookie.name, presented);
    let headersLeft = false;
    const scope: VisitScope = {
      ip: clientAddress(req),
      userAgent: shortUserAgent(req),
      background: isBackground(req),
      key: undefined,
      outcome: undefined,
      slid: false,
      assertDeliverable: () => assertDeliverable(req, cookie, headersLeft),
    };
    const context: RequestContext = { scope, cookie, presented, signInPath, session: undefined };
    setContext(req, context);

    onHeaders(res, () => {
      headersLeft = true;
      try {
        const settledOldCookie = settledOldCookies.has(req) ? adoption?.cookieName : undefined;
        writeCookie(req, res, { session: context.session, presented, settledOldCookie });
      } catch (error) {
        // Nobody could catch it: whoever happens to write first is not to blame.
        warnOnce('GATEHOUSE_COOKIE_WRITER', `A session’s cookie could not be put into the headers: ${String(error)}`);
      }
    });
    visitScope.run(scope, () =>
      load(req as Request, sink() as Response, (error?: unknown) => {
        if (error) return giveUp(error, res, next);
        const start = (): void => begin(req as Request, res, context, next);
        if (!adoption) return start();
        takeOver(adoption, req as Request, scope).then(start, (failure: unknown) => giveUp(failure, res, next));
      }),
    );
  };

  function begin(req: Request, res: ServerResponse, context: RequestContext, next: (error?: unknown) => void): void {
    const { scope, presented } = context;
    const isIssued = (): boolean => presented.count > 0 && presented.read().isIssued;
    const session = createRequestSession({ req, store, scope, lifetimes, now, freshAgeMs, isIssued, onSignIn });
    context.session = session;
    if (isNodeResponse(res))
      gateResponse(res, {
        before: () => commitBefore(session, res),
        late: () => commitLate(session, res),
        onFailure(failure) {
          // What the request changed is not tried again.
          session.rollback();
          next(failure);
        },
      });
    else commitUpgrade(session, res);
    next();
  }

  /** Puts the request into the session that its old one has become, unless it came with one of ours. */
  async function takeOver(adopting: Adoption, req: Request, scope: VisitScope): Promise<void> {
    const oldId = adopting.oldId(req.headers.cookie);
    if (oldId === undefined || !canAdopt(scope)) return;
    if (store.sessions.origins.of(req.session)?.user) {
      await adopting.giveUp(oldId);
      settledOldCookies.add(req);
      return;
    }
    const outcome = await adopting.adopt(oldId, scope);
    if (outcome.status === 'left') return;
    if (outcome.status === 'adopted') {
      // What the browser had with us before signing in: its cookie is replaced.
      if (scope.outcome === 'live' && scope.key !== undefined) await engine.destroy(scope.key);
      const data = await store.get(outcome.id);
      if (data) {
        req.sessionID = outcome.id;
        store.createSession(req, data);
        // The browser has another cookie, or none.
        scope.slid = true;
      }
    }
    // Last: an answer that says 503 takes no cookie away.
    settledOldCookies.add(req);
  }
}

/**
 * express-session saves, and writes its cookie, when the answer ends; here the gate does the one and the cookie writer the other. What it
 * puts over its response's methods therefore goes nowhere.
 */
const sink = (): object => ({ writeHead() {}, write() {}, end() {} });

function hasForeign(req: IncomingMessage): boolean {
  const presented = contextOf(req)?.presented;
  return presented !== undefined && presented.count > 0 && presented.read().hasForeign;
}

/** A session that is taken over gets a cookie; without one the person would be signed out. */
function canAdopt(scope: VisitScope): boolean {
  try {
    scope.assertDeliverable();
    return true;
  } catch (error) {
    warnOnce('GATEHOUSE_ADOPTION', `A session of the app before was not taken over. ${(error as Error).message}`);
    return false;
  }
}

/** Where the error handling of the app throws, as polka's does for an error whose code is no number, nobody would catch it. */
function giveUp(error: unknown, res: ServerResponse, next: (error?: unknown) => void): void {
  try {
    next(error);
  } catch (thrown) {
    warnOnce('GATEHOUSE_ERROR_HANDLER', `An error handler threw: ${String(thrown)}. It was called for: ${String(error)}`);
    if (res.headersSent || res.writableEnded) return void res.destroy();
    res.statusCode = 500;
    res.end();
  }
}

/** Of several cookies of our name, the one that counts, or none. */
function keepOne(req: IncomingMessage, name: string, presented: Presented): void {
  const { chosen } = presented.read();
  const others = withoutCookie(req.headers.cookie ?? '', name);
  req.headers.cookie = chosen === undefined ? others : `${name}=${encodeURIComponent(chosen)}; ${others}`;
  // express-session looks here next, if cookie-parser came before.
  const { cookies, signedCookies } = req as { cookies?: Record<string, unknown>; signedCookies?: Record<string, unknown> };
  for (const parsed of [cookies, signedCookies]) delete parsed?.[name];
}

const MAX_USER_AGENT_LENGTH = 255;

function shortUserAgent(req: IncomingMessage): string | null {
  const text = req.headers['user-agent']
    ?.replaceAll(/\p{Cc}/gu, ' ')
    .slice(0, MAX_USER_AGENT_LENGTH)
    .toWellFormed();
  return text === undefined || text.trim() === '' ? null : text;
}
