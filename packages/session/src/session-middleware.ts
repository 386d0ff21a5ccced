import type { NextFunction, Request, RequestHandler, Response } from 'express';
import expressSession from 'express-session';
import onHeaders from 'on-headers';
import { isBackground } from './call-origin.ts';
import { clientAddress } from './client-address.ts';
import type { Adoption } from './adoption/adoption.ts';
import type { Engine, Lifetimes } from './engine-port.ts';
import { ManagedStore } from './managed-store.ts';
import { createRequestSession, type RequestSession } from './request-session.ts';
import { gateResponse } from './response-gate.ts';
import { expiredCookie, presentedCookies, replaceCookie, sessionCookie, withoutCookie, type CookieSettings } from './session-cookie.ts';
import { newSessionId } from './session-id.ts';
import type { DataSchema } from './session-schema.ts';
import { visitScope, type VisitScope } from './visit-scope.ts';
import './session-types.ts';

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
}

/** Their old cookie is of no use any more. */
const settledOldCookies = new WeakSet<Request>();

/** Where a request keeps its session. Not a WeakMap: each entry of one is work for the garbage collector. */
const SESSION = Symbol('session');

const requestSession = (req: Request): RequestSession | undefined => (req as { [SESSION]?: RequestSession })[SESSION];

/** The session of a request that has passed `sessionMiddleware`. @throws Error if it has not. */
export function sessionOf(req: Request): RequestSession {
  const session = requestSession(req);
  if (!session)
    throw new Error(
      'This request has no session: mount sessionMiddleware before whatever needs one, outside the cookie path there is none.',
    );
  return session;
}

/**
 * Every request behind it has a session: `req.session` for its data, `sessionOf(req)` for the rest. express-session
 * parses, verifies and loads; this decides about time, saving and cookies.
 *
 * - Loading writes activity and slides the expiry, at most once an activity interval; not for a request that says that no person
 *   caused it (`X-Gatehouse-Background`).
 * - What a handler changes is stored before the response's headers leave; a 5xx stores nothing.
 * - A storage that cannot answer is an error, `StorageUnavailableError`, never an anonymous request; a session
 *   that was ended while the request ran is `SessionEndedError`. Both go to `next`: see `sessionErrorHandler`.
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
}: SessionMiddlewareOptions): RequestHandler {
  const store = new ManagedStore({
    engine,
    lifetimes,
    now,
    cookie,
    ...(schema && { schema }),
    ...(maxDataBytes !== undefined && { maxDataBytes }),
  });
  const load = expressSession({
    store,
    name: cookie.name,
    secret: [...secrets],
    genid: newSessionId,
    resave: false,
    saveUninitialized: false,
    rolling: false,
    cookie: { path: cookie.path },
  });
  store.takeBack();

  return (req, res, next) => {
    // Mounted twice, as by a router that comes with its own.
    if (requestSession(req)) return next();
    const presented = presentedCookies(req.headers.cookie, cookie.name);
    if (presented.length > 1) dropTossedCookies(req, cookie.name);
    const scope: VisitScope = {
      ip: clientAddress(req),
      userAgent: shortUserAgent(req),
      background: isBackground(req),
      key: undefined,
      outcome: undefined,
      slid: false,
    };

    onHeaders(res, () => writeCookie(req, res));
    visitScope.run(scope, () =>
      load(req, res, (error?: unknown) => {
        if (error) return next(error);
        if (!req.session) return next();
        if (!adoption) return begin(req, res, scope, presented.length > 0, next);
        takeOver(adoption, req, scope).then(() => begin(req, res, scope, presented.length > 0, next), next);
      }),
    );
  };

  function begin(req: Request, res: Response, scope: VisitScope, presented: boolean, next: NextFunction): void {
    const session = createRequestSession({ req, store, scope, lifetimes, now, freshAgeMs, presented });
    Object.assign(req, { [SESSION]: session });
    checkLateChanges(session, res, next);
    gateResponse(res, {
      before: () => commitBefore(session, res),
      onFailure(failure) {
        // Else express-session would try once more, behind the back of the answer that says it failed.
        session.rollback();
        next(failure);
      },
    });
    next();
  }

  /** Puts the request into the session that its old one has become, unless it came with one of ours. */
  async function takeOver(adopting: Adoption, req: Request, scope: VisitScope): Promise<void> {
    const oldId = adopting.oldId(req.headers.cookie);
    if (oldId === undefined) return;
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

  /** Runs last of all header listeners, so it has the last word over express-session's. */
  function writeCookie(req: Request, res: Response): void {
    const session = requestSession(req);
    // Here and not earlier: tRPC sets its own Vary over whatever was there.
    if (session) res.vary('Cookie');
    const value = session?.cookie();
    const secure = cookie.secure === 'auto' ? req.secure : cookie.secure;
    // A browser drops a Secure cookie that comes over plain http; to send it would only show the id to the network.
    const sendable = value !== undefined && (value === 'expire' || !secure || req.secure);
    const header = !sendable
      ? undefined
      : value === 'expire'
        ? expiredCookie(cookie, secure)
        : sessionCookie(cookie, value, secrets[0], secure);
    const headers = replaceCookie(res.getHeader('Set-Cookie'), cookie.name, header);
    // Where both have one name, ours has taken the place of the old one already.
    if (adoption && adoption.cookieName !== cookie.name && settledOldCookies.has(req))
      headers.push(expiredCookie({ ...cookie, name: adoption.cookieName, path: '/' }, secure));
    if (headers.length > 0) res.setHeader('Set-Cookie', headers);
    else res.removeHeader('Set-Cookie');
    if (header !== undefined) res.setHeader('Cache-Control', 'no-store');
  }
}

/** Before express-session stores what was changed after the headers left: it would throw out of `res.end()`. */
function checkLateChanges(session: RequestSession, res: Response, next: NextFunction): void {
  const end = res.end as (...args: unknown[]) => Response;
  res.end = (...args: unknown[]) => {
    const error = res.headersSent ? session.dropUnstorable() : undefined;
    if (error !== undefined) setImmediate(() => next(error));
    return Reflect.apply(end, res, args);
  };
}

function commitBefore(session: RequestSession, res: Response): Promise<void> | undefined {
  // A 5xx stores nothing of what its request changed.
  if (res.statusCode >= 500) session.rollback();
  return session.isModified() ? session.commitOrThrow() : session.confirmSlide();
}

/** One cookie of two with our name was not set by us, and there is no telling which. */
function dropTossedCookies(req: Request, name: string): void {
  req.headers.cookie = withoutCookie(req.headers.cookie ?? '', name);
  // express-session looks here next, if cookie-parser came before.
  for (const parsed of [req.cookies, req.signedCookies] as (Record<string, unknown> | undefined)[]) delete parsed?.[name];
}

const MAX_USER_AGENT_LENGTH = 255;

function shortUserAgent(req: Request): string | null {
  const text = req.headers['user-agent']
    ?.replaceAll(/\p{Cc}/gu, ' ')
    .slice(0, MAX_USER_AGENT_LENGTH)
    .toWellFormed();
  return text === undefined || text.trim() === '' ? null : text;
}
