import type { Request } from 'express';
import type { SessionData } from 'express-session';
import { ExpiryCookie } from './expiry-cookie.ts';
import type { Callback } from './node-callback.ts';
import { expiryMs, NO_EXPIRY, type Expiry } from './policy.ts';
import { guardedPrototype, RESERVED_KEYS, reservedKeyError } from './reserved-keys.ts';
import type { CookieSettings } from './session-cookie.ts';
import { createSessionObjects } from './session-object.ts';
import { forgetRefusal, refusalOf, refuse } from './session-refusal.ts';
import { SessionStore, type SessionStoreOptions } from './session-store.ts';
import type { Vault } from './session-vault.ts';
import { visitScope, type VisitScope } from './visit-scope.ts';

/** The cookie is written by session-cookie.ts. */
const OWN = new Set(['cookie']);

/** Of the object that `update` gives to be changed. */
const GUARDED = guardedPrototype(Object.prototype);

export interface ManagedStoreOptions extends SessionStoreOptions {
  readonly cookie: CookieSettings;
  readonly newId: (req: Request) => string;
  /** The scope of a request; undefined if it did not pass the middleware. */
  readonly scopeOf: (req: Request) => VisitScope | undefined;
}

/**
 * The store behind `sessionMiddleware`, which decides about cookies and the moment of saving itself: an empty
 * session is not stored, activity was written by the load, and the cookie is no part of the data.
 */
export class ManagedStore extends SessionStore {
  readonly sessions: Vault;
  /** What `setExpiry` was given, until the session is replaced. */
  readonly #expiries: WeakMap<object, Expiry>;
  readonly #options: ManagedStoreOptions;
  readonly #objects = createSessionObjects({
    originOf: (session) => this.vault.origins.of(session),
    cookieOf: (session) => this.#cookieOf(session),
    setCookie: (session, value) => this.#setCookie(session, value),
  });

  constructor(options: ManagedStoreOptions) {
    const expiries = new WeakMap<object, Expiry>();
    super(options, {
      own: OWN,
      reserved: RESERVED_KEYS,
      expiryOf: (session) => expiries.get(session),
      refusalOf: (session) => refusalOf(session) ?? cookieRefusal(session),
      guard: (data) => void Object.setPrototypeOf(data, GUARDED),
    });
    this.#expiries = expiries;
    this.#options = options;
    this.sessions = this.vault;
  }

  expiryOf(session: object): Expiry | undefined {
    return this.#expiries.get(session);
  }

  setExpiry(session: object, expiry: Expiry): void {
    this.#expiries.set(session, expiry);
  }

  /** It was made here: by loading, or as a new one. */
  isSession(value: unknown): boolean {
    return this.#objects.isOne(value);
  }

  /** @throws what was refused to be set on it, if anything was. */
  assertAccepted(session: object): void {
    const refusal = refusalOf(session) ?? cookieRefusal(session);
    if (refusal) throw refusal;
  }

  /** The object is again what is stored. */
  rollback(session: object): void {
    this.vault.rollback(session);
    this.#expiries.delete(session);
    forgetRefusal(session);
    Reflect.deleteProperty(session, COOKIE);
  }

  /** To be called once express-session has made the store its own. */
  takeBack(): void {
    const store = this as unknown as { generate(req: Request): void };
    store.generate = (req) => {
      req.sessionID = this.#options.newId(req);
      req.session = this.#objects.create(req) as Request['session'];
    };
    // On this event it would go on serving, without sessions: a storage that is down is an error.
    this.removeAllListeners('disconnect');
  }

  /** express-session puts methods of its own on the first session of a request; with them, `save` and `reload` could be set as data. */
  unwrap(session: object): void {
    Reflect.deleteProperty(session, 'save');
    Reflect.deleteProperty(session, 'reload');
  }

  protected override async read(id: string): Promise<SessionData | null> {
    return ((await this.vault.read(id)) as SessionData | undefined) ?? null;
  }

  /**
   * Asked by `req.session.save()`: often there is nothing to save any more.
   */
  override set(id: string, session: SessionData, callback?: Callback<void>): Promise<void> {
    if (this.#isDue(session)) return super.set(id, session, callback);
    callback?.(null);
    return Promise.resolve();
  }

  protected override async write(id: string, session: SessionData): Promise<void> {
    await this.vault.save(id, session, visitScope.getStore() ?? this.#visitOf(session));
  }

  /** Loading has written what was due. */
  override touch(_id: string, _session: SessionData, callback?: Callback<void>): Promise<void> {
    callback?.(null);
    return Promise.resolve();
  }

  /** For when a body parser has lost the context of the request. */
  #visitOf(session: object): VisitScope | undefined {
    const req = this.#objects.requestOf(session);
    return req && this.#options.scopeOf(req);
  }

  #isDue(session: SessionData): boolean {
    try {
      return this.vault.isModified(session);
    } catch {
      // A value that cannot be stored: saving says so.
      return true;
    }
  }

  override createSession(request: Parameters<SessionStore['createSession']>[0], data: SessionData) {
    const session = this.#objects.create(request);
    const { cookie: _, ...own } = data;
    Object.assign(session, own);
    this.vault.origins.carry(data, session);
    request.session = session as Request['session'];
    return request.session;
  }

  #cookieOf(session: object): ExpiryCookie {
    const known = (session as WithCookie)[COOKIE];
    if (known) return known;
    const cookie = new ExpiryCookie({
      settings: this.#options.cookie,
      now: this.now,
      expiry: () => this.#wantedExpiry(session),
      setExpiry: (expiry) => this.setExpiry(session, expiry),
      refuse: (error) => refuse(session, error),
    });
    Object.defineProperty(session, COOKIE, { value: cookie, configurable: true });
    return cookie;
  }

  /** `Object.assign(req.session, before)` after `regenerate`: the new session gets the expiry of the one before. */
  #setCookie(session: object, value: unknown): void {
    if (!(value instanceof ExpiryCookie)) return refuse(session, reservedKeyError('cookie'));
    const expiry = ExpiryCookie.expiryOf(value);
    if (expiry) this.setExpiry(session, expiry);
  }

  /** An expiry of the session's own, asked for or stored, and when it ends by it. */
  #wantedExpiry(session: object): { expiry: Expiry; endsAtMs: number } | undefined {
    const record = this.vault.origins.of(session)?.record;
    const asked = this.#expiries.get(session);
    const { customAgeSeconds, fixedExpiryMs } = asked ?? record ?? NO_EXPIRY;
    if (customAgeSeconds === null && fixedExpiryMs === null) return undefined;
    const expiry = { customAgeSeconds, fixedExpiryMs };
    if (!asked && record) return { expiry, endsAtMs: record.expiresAtMs };
    const nowMs = this.now();
    const clocks = { createdAtMs: record?.createdAtMs ?? nowMs, renewedAtMs: nowMs, lastActivityAtMs: nowMs, ...expiry };
    return { expiry, endsAtMs: expiryMs(clocks, this.#options.lifetimes) };
  }
}

const COOKIE = Symbol('cookie');
interface WithCookie {
  readonly [COOKIE]?: ExpiryCookie;
}

function cookieRefusal(session: object): Error | undefined {
  const cookie = (session as WithCookie)[COOKIE];
  const strange = cookie && ExpiryCookie.strangeKeyOf(cookie);
  return strange === undefined ? undefined : reservedKeyError(`cookie.${strange}`);
}
