import type { SessionIdentity } from '@gatehouse/contract';
import type { SessionData } from 'express-session';
import { ReservedKeyError } from './errors.ts';
import type { Origin } from './session-origin.ts';
import { SessionStore, type SessionStoreOptions } from './session-store.ts';
import type { Expiry, Vault } from './session-vault.ts';

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

/**
 * The store behind `sessionMiddleware`, which decides about cookies and the moment of saving itself: an empty
 * session is not stored, activity was written by the load, and the cookie is no part of the data.
 */
export class ManagedStore extends SessionStore {
  readonly sessions: Vault;
  readonly #expiries: WeakMap<object, Expiry>;

  constructor(options: SessionStoreOptions) {
    const expiries = new WeakMap<object, Expiry>();
    super(options, { isOwn: (key) => key === 'cookie', expiryOf: (session) => expiries.get(session) });
    this.#expiries = expiries;
    this.sessions = this.vault;
  }

  setExpiry(session: object, expiry: Expiry): void {
    this.#expiries.set(session, expiry);
  }

  override async get(id: string, callback?: (error: unknown, session?: SessionData | null) => void): Promise<SessionData | null> {
    // express-session needs a cookie on what it loads; ours is written by session-cookie.ts.
    const withCookie = (session: SessionData | null | undefined) => session && Object.assign(session, { cookie: { originalMaxAge: null } });
    if (!callback) return withCookie(await super.get(id)) ?? null;
    return super.get(id, (error, session) => callback(error, withCookie(session) ?? null));
  }

  override async set(id: string, session: SessionData, callback?: (error?: unknown) => void): Promise<void> {
    if (this.vault.origins.of(session) || !this.vault.isModified(session)) return super.setLoaded(session, callback);
    return super.setNew(id, session, callback);
  }

  override async touch(_id: string, _session: SessionData, callback?: (error?: unknown) => void): Promise<void> {
    callback?.();
  }

  override createSession(request: Parameters<SessionStore['createSession']>[0], data: SessionData) {
    const session = super.createSession(request, data);
    this.identify(session);
    return session;
  }

  /** Puts who is signed in on a session object: beside its data, so that it is not stored with it. */
  identify(session: object): void {
    for (const [key, read] of Object.entries(IDENTITY)) {
      Object.defineProperty(session, key, {
        configurable: true,
        enumerable: false,
        get: () => read(this.vault.origins.of(session)),
        set: () => {
          throw new ReservedKeyError(key);
        },
      });
    }
  }
}
