import { CARRIED_KEYS, type SessionData, type SessionUser, type SignedOutReason } from '@gatehouse/contract';
import type { Request } from 'express';
import { SessionEndedError } from './errors.ts';
import type { ManagedStore } from './managed-store.ts';
import { absoluteExpiryMs, untilBrowserCloses, type Lifetimes } from './policy.ts';
import type { CookieValue } from './session-cookie.ts';
import type { Expiry, NewSession } from './session-vault.ts';
import type { VisitScope } from './visit-scope.ts';

/** The name and clocks of a signed-in session. */
export interface SessionView {
  readonly handle: string;
  readonly loginTime: Date;
  readonly lastActivity: Date;
  readonly expires: Date;
  readonly absoluteExpires: Date;
  readonly untilBrowserCloses: boolean;
}

export type SessionState =
  | { readonly signedIn: true; readonly user: SessionUser; readonly session: SessionView }
  | { readonly signedIn: false; readonly reason: SignedOutReason };

export type CommitOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: SignedOutReason };

export interface SignInOptions {
  /** The account's, when its password was checked. */
  readonly credentialEpoch: number;
  /** true: the cookie outlives the browser; false: it does not; undefined: as the settings say. */
  readonly remember?: boolean | undefined;
}

export interface RequestSessionOptions {
  readonly req: Request;
  readonly store: ManagedStore;
  readonly scope: VisitScope;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  /** The request came with a cookie of our name, whatever it was worth. */
  readonly presented: boolean;
}

/**
 * What can be done with the session of one request. `req.session` holds its data; this is the rest.
 * Each operation is stored when its promise resolves, and throws StorageUnavailableError if it cannot be.
 */
export function createRequestSession({ req, store, scope, lifetimes, now, presented }: RequestSessionOptions) {
  const vault = store.sessions;
  const loadedId = req.sessionID;
  let signedOut: SignedOutReason = scope.outcome === 'expired' ? 'SESSION_EXPIRED' : scope.outcome === 'absent' ? 'SESSION_ENDED' : 'SIGN_IN_REQUIRED';
  let endedMidway = false;
  // express-session leaves `req.session` undefined after `req.session.destroy()`.
  const origin = () => (req.session ? vault.origins.of(req.session) : undefined);

  /** An empty session with an id of its own, not stored. */
  function renew(): void {
    req.sessionStore.generate(req);
    store.identify(req.session);
  }

  /** A new session in the place of this one, or this one untouched if that fails. */
  async function replace(data: object, created: NewSession, expiry: Expiry | undefined): Promise<boolean> {
    const before = { session: req.session, id: req.sessionID };
    const replaces = origin()?.record.key;
    renew();
    Object.assign(req.session, data);
    if (expiry) store.setExpiry(req.session, expiry);
    let stored = false;
    try {
      stored = await vault.create(req.sessionID, req.session, { ...created, ...(replaces !== undefined && { replaces }) });
      return stored;
    } finally {
      if (!stored) {
        req.session = before.session;
        req.sessionID = before.id;
      }
    }
  }

  async function flush(): Promise<void> {
    const stored = origin();
    if (stored) await vault.engine.destroy(stored.record.key);
    renew();
    signedOut = 'SIGN_IN_REQUIRED';
  }

  return {
    state(): SessionState {
      const stored = origin();
      if (!stored?.user) return { signedIn: false, reason: signedOut };
      const { record, user } = stored;
      const session: SessionView = {
        handle: record.handle,
        loginTime: req.session.loginTime ?? new Date(record.createdAtMs),
        lastActivity: new Date(record.lastActivityAtMs),
        expires: new Date(record.expiresAtMs),
        absoluteExpires: new Date(absoluteExpiryMs(record, lifetimes)),
        untilBrowserCloses: untilBrowserCloses(record, lifetimes),
      };
      return { signedIn: true, user, session };
    },

    /** The public name of the session, `ses_…`; undefined while nothing is stored. */
    handle: (): string | undefined => origin()?.record.handle,

    isModified: (): boolean => req.session !== undefined && vault.isModified(req.session),

    /** Stores what was changed. An emptied anonymous session is removed instead. */
    async commit(): Promise<CommitOutcome> {
      if (!this.isModified()) return { ok: true };
      const stored = origin();
      try {
        if (!stored) await vault.create(req.sessionID, req.session);
        else if (!stored.user && Object.keys(req.session).every((key) => key === 'cookie')) await flush();
        else await vault.save(req.session);
        return { ok: true };
      } catch (error) {
        if (!(error instanceof SessionEndedError)) throw error;
        endedMidway = true;
        renew();
        signedOut = 'SESSION_ENDED';
        return { ok: false, reason: signedOut };
      }
    },

    /** As `commit`. @throws SessionEndedError instead of saying no. */
    async commitOrThrow(): Promise<void> {
      const outcome = await this.commit();
      if (!outcome.ok) throw new SessionEndedError();
    },

    /** Nothing of what this request changed and has not stored yet is stored; `req.session` is as it was. */
    rollback(): void {
      if (req.session) vault.rollback(req.session);
    },

    /** Ends the session: data and id are gone, `req.session` is a new, empty one (Django's `flush`). */
    flush,

    /** New id, same data, same lifetime; the old id is dead (Django's `cycle_key`). false: the user may not have a session any more. */
    cycle(): Promise<boolean> {
      const stored = origin();
      const created: NewSession = stored ? { createdAtMs: stored.record.createdAtMs, credentialEpoch: stored.record.credentialEpoch } : {};
      const expiry = stored && { customAgeSeconds: stored.record.customAgeSeconds, fixedExpiryMs: stored.record.fixedExpiryMs };
      return replace(ownData(req), { ...created, ...(stored?.user && { user: stored.user }) }, expiry);
    },

    /**
     * A new session for the user: new id, the one before ended, declared keys kept. Everything is kept if the same user
     * signs in again. false: the user is suspended, gone, or has newer credentials, and nothing has changed.
     */
    signIn(user: SessionUser, { credentialEpoch, remember }: SignInOptions): Promise<boolean> {
      const before = origin()?.user;
      const data = ownData(req);
      const kept = before ? (before.id === user.id ? data : {}) : Object.fromEntries(CARRIED_KEYS.filter((key) => key in data).map((key) => [key, data[key]]));
      return replace({ ...kept, loginTime: new Date(now()) }, { user, credentialEpoch }, rememberedAs(remember, lifetimes));
    },

    /**
     * Changes the data by what is stored at this moment, tried again when another request was faster: the way to
     * count. `change` may run several times. @throws SessionEndedError
     */
    async update(change: (data: SessionData & Record<string, unknown>) => void): Promise<void> {
      if (!origin()) {
        change(req.session as unknown as SessionData & Record<string, unknown>);
        return this.commitOrThrow();
      }
      await vault.update(req.session, change);
    },

    /**
     * As Django's `set_expiry`: seconds of inactivity, a date, 0 = until the browser closes, null = as the settings say.
     * The absolute age is a limit to all of them.
     */
    setExpiry(value: number | Date | null): void {
      store.setExpiry(req.session, expiryFrom(value));
    },

    /** What the answer's headers have to do about the cookie. */
    cookie(): CookieValue | 'expire' | undefined {
      const stored = origin();
      // Ended while this request ran: by now the browser may hold the cookie of a newer sign-in, which must stay.
      if (!stored) return presented && !endedMidway ? 'expire' : undefined;
      if (!scope.wrote && req.sessionID === loadedId) return undefined;
      const maxAgeMs = untilBrowserCloses(stored.record, lifetimes) ? undefined : stored.record.expiresAtMs - now();
      return { id: req.sessionID, maxAgeMs };
    },
  };
}

export type RequestSession = ReturnType<typeof createRequestSession>;

function ownData(req: Request): Record<string, unknown> {
  const { cookie: _, ...data } = req.session as unknown as Record<string, unknown>;
  return data;
}

function rememberedAs(remember: boolean | undefined, { expireAtBrowserClose, ageMs }: Lifetimes): Expiry | undefined {
  if (remember === undefined || remember !== expireAtBrowserClose) return undefined;
  return { customAgeSeconds: remember ? Math.ceil(ageMs / 1000) : 0, fixedExpiryMs: null };
}

function expiryFrom(value: number | Date | null): Expiry {
  if (value === null) return { customAgeSeconds: null, fixedExpiryMs: null };
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new RangeError('setExpiry takes a valid date.');
    return { customAgeSeconds: null, fixedExpiryMs: value.getTime() };
  }
  if (!Number.isInteger(value) || value < 0 || value > 2_147_483_647) throw new RangeError('setExpiry takes whole seconds from 0 to 2147483647, a date, or null.');
  return { customAgeSeconds: value, fixedExpiryMs: null };
}
