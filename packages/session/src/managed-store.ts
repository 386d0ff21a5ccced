import type { SessionIdentity } from '@gatehouse/contract';
import type { Request } from 'express';
import expressSession, { type SessionData } from 'express-session';
import { ReservedKeyError } from './errors.ts';
import type { Callback } from './node-callback.ts';
import type { Expiry } from './policy.ts';
import { contextOf } from './request-context.ts';
import type { Origin } from './session-origin.ts';
import { SessionStore, type SessionStoreOptions } from './session-store.ts';
import type { Vault } from './session-vault.ts';
import { visitScope, type VisitScope } from './visit-scope.ts';

/** Identity is read through the session's user; nobody sets it but signing in. */
const IDENTITY: Record<keyof SessionIdentity | 'handle' | 'lastActivity', (origin: Origin | undefined) => unknown> = {
  user: (origin) => origin?.user ?? undefined,
  userId: (origin) => origin?.user?.id,
  email: (origin) => origin?.user?.email,
  name: (origin) => origin?.user?.name,
  role: (origin) => origin?.user?.role,
  status: (origin) => origin?.user?.status,
  handle: (origin) => origin?.record.handle,
  lastActivity: (origin) => origin && new Date(origin.record.lastActivityAtMs),
};

/** The cookie is written by session-cookie.ts, identity lies in the user's row. */
const OWN = new Set(['cookie', ...Object.keys(IDENTITY)]);

/** Names that express-session's Session object or JavaScript keep for themselves. */
const RESERVED = new Set([
  'id',
  'req',
  'touch',
  'resetMaxAge',
  'save',
  'reload',
  'destroy',
  'regenerate',
  '__proto__',
  'constructor',
  'prototype',
]);

/**
 * The store behind `sessionMiddleware`, which decides about cookies and the moment of saving itself: an empty
 * session is not stored, activity was written by the load, and the cookie is no part of the data.
 */
export class ManagedStore extends SessionStore {
  readonly sessions: Vault;
  readonly #expiries: WeakMap<object, Expiry>;

  constructor(options: SessionStoreOptions) {
    const expiries = new WeakMap<object, Expiry>();
    super(options, { own: OWN, reserved: RESERVED, expiryOf: (session) => expiries.get(session) });
    this.#expiries = expiries;
    this.sessions = this.vault;
  }

  /** What `setExpiry` was given, until the session is replaced. */
  expiryOf(session: object): Expiry | undefined {
    return this.#expiries.get(session);
  }

  setExpiry(session: object, expiry: Expiry): void {
    this.#expiries.set(session, expiry);
  }

  /** The object is again what is stored. */
  rollback(session: object): void {
    this.vault.rollback(session);
    this.#expiries.delete(session);
  }

  /** To be called once express-session has made the store its own. */
  takeBack(): void {
    const store = this as unknown as { generate(req: Request): void };
    const { generate } = store;
    // What it generates is to have an identity, as what is loaded has.
    store.generate = (req) => {
      generate(req);
      this.#identify(req.session);
    };
    // On this event it would go on serving, without sessions: a storage that is down is an error.
    this.removeAllListeners('disconnect');
  }

  protected override async read(id: string): Promise<SessionData | null> {
    const data = await this.vault.read(id);
    // express-session cannot load a session without a cookie.
    return data ? (Object.assign(data, { cookie: { originalMaxAge: null } }) as SessionData) : null;
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
    await this.vault.save(id, session, visitScope.getStore() ?? visitOf(session));
  }

  /** Loading has written what was due. */
  override touch(_id: string, _session: SessionData, callback?: Callback<void>): Promise<void> {
    callback?.(null);
    return Promise.resolve();
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
    const session = super.createSession(request, data);
    this.#identify(session);
    return session;
  }

  /** Puts who is signed in on a session object: beside its data, so that it is not stored with it. */
  #identify(session: object): void {
    Object.setPrototypeOf(session, this.#identified);
  }

  /** The prototype of our session objects: express-session's own and the identity, made once and not for each request. */
  readonly #identified: object = Object.create(
    expressSession.Session.prototype,
    identityOf((session) => this.vault.origins.of(session)),
  );
}

function identityOf(originOf: (session: object) => Origin | undefined): PropertyDescriptorMap {
  const properties: PropertyDescriptorMap = {};
  for (const [key, read] of Object.entries(IDENTITY))
    properties[key] = {
      get(this: object) {
        return read(originOf(this));
      },
      set() {
        throw new ReservedKeyError(key);
      },
    };
  return properties;
}

/** express-session puts the request on every session it makes; a body parser may have lost the rest of its context. */
function visitOf(session: object): VisitScope | undefined {
  const { req } = session as { req?: Request };
  return req && contextOf(req)?.scope;
}
