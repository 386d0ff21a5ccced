import type { IncomingMessage, ServerResponse } from 'node:http';
import { safeNextPath, sessionDataSchema, LOGIN_PATH } from '@gatehouse/contract';
import type { Request } from 'express';
import onHeaders from 'on-headers';
import vary from 'vary';
import type { Adoption } from './adoption/adoption.ts';
import { bearerIn, writeToken } from './bearer.ts';
import { isBackground } from './call-origin.ts';
import { clientAddress } from './client-address.ts';
import { commitBefore, commitLate, commitUpgrade } from './commit-answer.ts';
import { assertDeliverable, checkCookieSettings } from './cookie-checks.ts';
import { createCookieWriter } from './cookie-writer.ts';
import type { ClientInfo, Engine, Lifetimes } from './engine-port.ts';
import { LiveSession, type LoadedRequest, type SessionParts } from './live-session.ts';
import { MiddlewareStore } from './middleware-store.ts';
import type { NodeMiddleware } from './node-request.ts';
import { assertLifetimes } from './policy.ts';
import { createCookieReader, isCleanUpDue, type PresentedCookies } from './presented-cookies.ts';
import { createRepository } from './repository.ts';
import { contextOf, setContext, type RequestContext } from './request-context.ts';
import { RequestSession } from './request-session.ts';
import { guardedPrototype, RESERVED_KEYS } from './reserved-keys.ts';
import { gateResponse, isNodeResponse } from './response-gate.ts';
import { markBearer, markSecret, type CookieSettings } from './session-cookie.ts';
import { hashSecret, parseToken } from './session-id.ts';
import { sessionErrorHandler } from './session-errors-middleware.ts';
import { createRequestSessionObjects, refusalOfObject } from './session-objects.ts';
import type { DataSchema } from './session-schema.ts';
import { stateOf } from './session-snapshot.ts';
import { markSessions } from './sessions-mark.ts';
import type { OnSignIn } from './sign-in-event.ts';
import type { OnSignOut } from './sign-out-event.ts';
import { warnOnce } from './warn-once.ts';
import './session-types.ts';

export { sessionOf } from './request-context.ts';

export interface SessionMiddlewareOptions {
  /** With a time limit on each call: see `withDeadline`. */
  readonly engine: Engine;
  /** When sessions expire. Must be those that the engine was opened with. From settings: `lifetimesOf(settings.session)`. */
  readonly lifetimes: Lifetimes;
  /** From settings: `settings.session.cookie`. */
  readonly cookie: CookieSettings;
  /** 32 random characters or more. The first signs, all verify. From settings: `sessionSecrets(settings)`. */
  readonly secrets: readonly [string, ...string[]];
  /** How long after the password was checked a session is fresh. Default: 10 minutes. */
  readonly freshAgeMs?: number;
  /** Adopts sessions of an earlier app. Default: none. */
  readonly adoption?: Adoption | undefined;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** Restores the types of the keys that it declares, such as dates: docs/express.md. Default: the contract's `sessionDataSchema`. */
  readonly schema?: DataSchema;
  /**
   * Maximum size of a session's data as JSON, in bytes. More is refused with SessionTooLargeError, and the stored data stays unchanged.
   * Default: 262144 (256 KiB). From settings: `settings.session.maxDataBytes`.
   */
  readonly maxDataBytes?: number;
  /**
   * Path to which `requireSession` redirects signed-out users, as the browser sees it, such as `/shop/login`. Default: `/login` below the
   * prefix that a proxy has removed. The prefix is in X-Forwarded-Prefix. Without that header, a request outside of the cookie's path gets
   * the cookie's path as its prefix.
   */
  readonly signInPath?: string;
  /**
   * Called when a sign-in is stored, for example to write an audit trail. The response waits for it. An error that it throws is reported as
   * the process warning `GATEHOUSE_ON_SIGN_IN` and does not fail the request. Default: nothing.
   */
  readonly onSignIn?: OnSignIn | undefined;
  /**
   * Called when a request has ended its own signed-in session. The response waits for it. An error that it throws is reported as the
   * process warning `GATEHOUSE_ON_SIGN_OUT` and does not fail the request. Default: nothing.
   */
  readonly onSignOut?: OnSignOut | undefined;
  /**
   * Also accepts sessions as `Authorization: Bearer …`, for mobile apps and scripts: docs/semantics.md, "Tokens". Default: false. From
   * settings: `settings.session.bearer`.
   */
  readonly bearer?: boolean;
}

/**
 * Gives each request a session: `req.session` has its data, as with express-session, and `sessionOf(req)` its operations.
 *
 * - Loading writes activity and extends the expiry, at most once per activity interval. A request with `X-Gatehouse-Background`, which no
 *   user caused, does neither.
 * - A handler's changes are stored before the response's headers are sent. With a 5xx status, nothing is stored.
 * - If the storage fails, the request fails with StorageUnavailableError and never counts as anonymous. If the session is ended while the
 *   request runs, saving it fails with SessionEndedError. Both errors are passed to `next`: see `sessionErrorHandler`.
 * - A new session whose cookie the browser would not receive or keep is not stored: UndeliverableCookieError.
 *
 * Runs under Express 4 and 5, connect, polka, Vite, plain `http` and Socket.IO's `engine.use`. Outside Express, an earlier middleware must
 * set `req.secure` and `req.ip` if there is a proxy.
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
  schema = sessionDataSchema,
  maxDataBytes,
  signInPath,
  onSignIn,
  onSignOut,
  bearer: offersBearer = false,
}: SessionMiddlewareOptions): NodeMiddleware {
  checkCookieSettings(cookie);
  assertLifetimes(lifetimes);
  if (signInPath !== undefined && safeNextPath(signInPath) !== signInPath && signInPath !== LOGIN_PATH)
    throw new TypeError('signInPath must be a path on this origin, such as /shop/login.');
  const repository = createRepository({
    engine,
    lifetimes,
    now,
    schema,
    maxDataBytes,
    rules: {
      own: OWN,
      reserved: RESERVED_KEYS,
      keepsDates: (key) => Object.hasOwn(schema.shape, key),
      expiryOf: (session) => stateOf(session).expiry,
      refusalOf: refusalOfObject,
      guard: (data) => void Object.setPrototypeOf(data, GUARDED),
    },
  });
  const parts: SessionParts = {
    repository,
    objects: createRequestSessionObjects({ cookie, lifetimes, now, rollback: repository.rollback }),
    lifetimes,
    now,
    freshAgeMs,
    onSignIn,
    onSignOut,
    markSecret: (req, secret) => (contextOf(req)?.bearer ? markBearer(secret) : markSecret(secret, cookie, hasForeign(req))),
  };
  const store = new MiddlewareStore(repository);
  const readCookies = createCookieReader(cookie, secrets);
  const writeCookie = createCookieWriter(cookie, secrets[0]);

  return markSessions((req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void): void => {
    // The middleware can be mounted twice, for example by a router that has its own.
    if (contextOf(req)) return next();
    const bearer = offersBearer ? bearerIn(req, secrets) : undefined;
    const context: RequestContext = {
      cookie,
      bearer,
      presented: bearer?.presented ?? readCookies(req.headers.cookie),
      signInPath,
      live: undefined,
      session: undefined,
    };
    setContext(req, context);
    const request = new SessionRequest(req as Request, context);
    // `{}`, which examples of WebSocket libraries pass for an upgrade.
    request.headersLeft = typeof res.setHeader !== 'function';
    onHeaders(res, () => {
      request.headersLeft = true;
      try {
        const { presented, live } = context;
        if (bearer) return writeToken(res, live, { presented, secret: secrets[0] });
        if (offersBearer) vary(res, 'Authorization');
        writeCookie(req, res, {
          session: live,
          presented,
          settledOldCookie: request.isOldCookieSettled ? adoption?.cookieName : undefined,
        });
      } catch (error) {
        // A warning and no exception: it would be thrown in unrelated code, which happens to write the headers.
        warnOnce('GATEHOUSE_COOKIE_WRITER', `A session’s cookie could not be put into the headers: ${String(error)}`);
      }
    });
    load(request).then(
      (loaded) => begin(loaded, context, res, next),
      (error: unknown) => fail(error, res, next),
    );
  });

  /** Loads the session of the request's cookie, or adopts the session of an earlier app. */
  async function load(request: SessionRequest): Promise<LoadedRequest> {
    const { client, background } = request;
    const { token, secretHash } = request.presented ?? {};
    const proof = secretHash !== undefined && { secretHash, ...(!background && { client }) };
    const beganAtMs = now();
    const outcome = token && proof ? await engine.load(token.handle, proof) : undefined;
    const loaded: LoadedRequest = {
      req: request.req,
      client,
      background,
      token,
      outcome,
      beganAtMs,
      isCleanUpDue: () => request.isCleanUpDue(),
      isIssued: () => request.isIssued(),
      assertDeliverable: () => request.assertDeliverable(),
    };
    return adoption && !request.usesBearer ? adoptInto(loaded, request, adoption) : loaded;
  }

  /** Adopts the session of an earlier app, unless the request is signed in here already. */
  async function adoptInto(loaded: LoadedRequest, request: SessionRequest, adopting: Adoption): Promise<LoadedRequest> {
    const { outcome, token } = loaded;
    const oldId = adopting.oldId(request.req.headers.cookie);
    if (oldId === undefined || !canAdopt(request)) return loaded;
    if (outcome?.status === 'live' && outcome.user) {
      await adopting.discard(oldId);
      request.isOldCookieSettled = true;
      return loaded;
    }
    const adopted = await adopting.adopt(oldId, request.client);
    if (adopted.status === 'left') return loaded;
    const own = adopted.status === 'adopted' ? parseToken(adopted.id) : undefined;
    if (!own) {
      request.isOldCookieSettled = true;
      return loaded;
    }
    // An anonymous session of this browser ends, because its cookie is replaced.
    if (outcome?.status === 'live' && token) await engine.destroy(token.handle);
    const found = await engine.load(own.handle, { secretHash: hashSecret(own.secret) });
    // Last, so that a 503 response does not remove the old cookie.
    request.isOldCookieSettled = true;
    return { ...loaded, token: own, outcome: found, isAdopted: true };
  }

  function begin(loaded: LoadedRequest, context: RequestContext, res: ServerResponse, next: (error?: unknown) => void): void {
    const live = new LiveSession(parts, loaded);
    context.live = live;
    context.session = new RequestSession(live);
    expose(loaded.req, store);
    if (isNodeResponse(res))
      gateResponse(res, {
        before: () => commitBefore(live, res),
        late: () => commitLate(live, res),
        onFailure(failure) {
          // The changes of the request are not retried.
          live.rollback();
          live.keepCookie();
          next(failure);
          answerIfHostDoesNot(loaded.req, res, failure);
        },
      });
    else commitUpgrade(live, res);
    next();
  }
}

/** `cookie` is not data: cookie-writer.ts writes it. */
const OWN = new Set(['cookie']);

/** Prototype of the object that the callback of `update` changes. */
const GUARDED = guardedPrototype(Object.prototype);

/**
 * express-session's properties. `req.session` is created when it is first read. The functions are the same for all requests: with a closure
 * for each, V8 gives each request a hidden class of its own, which keeps the request in memory until the next full garbage collection. That
 * doubled the processor time of a request.
 */
const PROPERTIES: Readonly<Record<'session' | 'sessionID', PropertyDescriptor>> & ThisType<IncomingMessage> = {
  session: {
    get() {
      return contextOf(this)?.live?.object;
    },
    set(value: unknown) {
      const live = contextOf(this)?.live;
      if (live) live.object = value;
    },
    configurable: true,
    enumerable: true,
  },
  // The public id, empty until the session is stored. Only the browser has the secret.
  sessionID: {
    get() {
      return contextOf(this)?.live?.snapshot()?.record.handle ?? '';
    },
    set() {},
    configurable: true,
    enumerable: true,
  },
};

function expose(req: Request, store: MiddlewareStore): void {
  // One by one, which takes V8 half as long as `Object.defineProperties`.
  Object.defineProperty(req, 'session', PROPERTIES.session);
  Object.defineProperty(req, 'sessionID', PROPERTIES.sessionID);
  Object.assign(req, { sessionStore: store });
}

/** What the middleware needs to know about a request. */
class SessionRequest {
  readonly req: Request;
  readonly client: ClientInfo;
  readonly background: boolean;
  readonly #context: RequestContext;
  headersLeft = false;
  /** The cookie of the earlier app is no longer needed. */
  isOldCookieSettled = false;

  constructor(req: Request, context: RequestContext) {
    this.req = req;
    this.#context = context;
    this.client = { ip: clientAddress(req), userAgent: shortUserAgent(req) };
    this.background = isBackground(req);
  }

  /** undefined: there is no cookie of ours. */
  get presented(): PresentedCookies | undefined {
    const { presented } = this.#context;
    return presented.count === 0 ? undefined : presented.read();
  }

  get usesBearer(): boolean {
    return this.#context.bearer !== undefined;
  }

  isCleanUpDue(): boolean {
    return isCleanUpDue(this.#context.presented);
  }

  isIssued(): boolean {
    return this.presented?.isIssued === true;
  }

  assertDeliverable(): void {
    assertDeliverable(this.req, this.#context.cookie, this.headersLeft);
  }
}

function hasForeign(req: IncomingMessage): boolean {
  const presented = contextOf(req)?.presented;
  return presented !== undefined && presented.count > 0 && presented.read().hasForeign;
}

/** An adopted session needs a new cookie; without it the user would be signed out. */
function canAdopt(request: SessionRequest): boolean {
  try {
    request.assertDeliverable();
    return true;
  } catch (error) {
    warnOnce('GATEHOUSE_ADOPTION', `A session of the app before was not taken over. ${(error as Error).message}`);
    return false;
  }
}

/** Passes the error on. Catches what the app's error handler throws, as polka's does if the error's code is not a number. */
function fail(error: unknown, res: ServerResponse, next: (error?: unknown) => void): void {
  try {
    next(error);
  } catch (thrown) {
    warnOnce('GATEHOUSE_ERROR_HANDLER', `An error handler threw: ${String(thrown)}. It was called for: ${String(error)}`);
    if (res.headersSent || res.writableEnded) return void res.destroy();
    res.statusCode = 500;
    res.end();
  }
}

/** How long an error handler outside of Express may take to begin its response. */
const HOST_ANSWER_MS = 2000;

/**
 * Answers a refused save if the host does not. Some hosts, such as Koa with koa-connect, ignore a second call of `next`, and the client would
 * wait for ever. Express does not.
 */
function answerIfHostDoesNot(req: IncomingMessage, res: ServerResponse, failure: unknown): void {
  if ('app' in req || res.writableEnded) return;
  const timer = setTimeout(() => {
    if (res.headersSent || res.destroyed) return;
    // Catches what is thrown, because nobody else would.
    fail(failure, res, (error) => sessionErrorHandler(error, req, res, () => void res.end()));
  }, HOST_ANSWER_MS).unref();
  res.once('close', () => clearTimeout(timer));
}

const MAX_USER_AGENT_LENGTH = 255;

function shortUserAgent(req: IncomingMessage): string | null {
  const text = req.headers['user-agent']
    ?.replaceAll(/\p{Cc}/gu, ' ')
    .slice(0, MAX_USER_AGENT_LENGTH)
    .toWellFormed();
  return text === undefined || text.trim() === '' ? null : text;
}
