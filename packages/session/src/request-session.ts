import { CARRIED_KEYS, type SessionIdentity, type SessionUser, type SignedOutReason } from '@gatehouse/contract';
import type { Request } from 'express';
import type { SessionData } from 'express-session';
import { SessionEndedError } from './errors.ts';
import { createKeyQueue } from './key-queue.ts';
import type { ManagedStore } from './managed-store.ts';
import { absoluteExpiryMs, untilBrowserCloses, type Expiry, type Lifetimes } from './policy.ts';
import { expiryFrom, rememberedAs } from './requested-expiry.ts';
import type { CookieValue } from './session-cookie.ts';
import type { CommitOutcome, SessionState, SessionView } from './session-state.ts';
import { assertSynchronous, type NewSession } from './session-vault.ts';
import { assertSignInMethod, notifySignIn, type OnSignIn } from './sign-in-event.ts';
import type { VisitScope } from './visit-scope.ts';

/** The data as the types of `req.session` have it, with the keys that an app declares there; what is not declared is unknown. */
export type ChangeableData = Omit<SessionData, 'cookie' | keyof SessionIdentity> & Record<string, unknown>;

export interface SignInOptions {
  /**
   * The account's, when the user was authenticated: `accounts.authenticate` gives it for a password, `accounts.forSignIn` for any other
   * method. It is raised when the password is changed and when the account is suspended; an older one makes no session.
   */
  readonly credentialEpoch: number;
  /**
   * How the user was authenticated, for the audit trail: `passkey`, `magic-link`, `oidc:google`. At most 32 characters, lower case.
   * @default 'password'
   */
  readonly method?: string | undefined;
  /** true: the cookie outlives the browser; false: it does not; undefined: as the settings say. */
  readonly remember?: boolean | undefined;
}

export interface RequestSessionOptions {
  readonly req: Request;
  readonly store: ManagedStore;
  readonly scope: VisitScope;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  /** How long after the password was checked a session is fresh. */
  readonly freshAgeMs: number;
  /** The request came with a cookie that we issued: one of another app is not for us to remove. */
  readonly isIssued: () => boolean;
  readonly onSignIn: OnSignIn | undefined;
}

/** A cookie that an answer is to carry. */
export interface DueCookie extends CookieValue {
  /** Its id is not the one that the request came with. */
  readonly isNew: boolean;
}

/** A request that takes longer than this may well be answered after another of the same browser has changed its cookie. */
const QUICK_MS = 100;

/**
 * What can be done with the session of one request. `req.session` holds its data; this is the rest.
 * Each operation is stored when its promise resolves, and throws StorageUnavailableError if it cannot be.
 */
export function createRequestSession({ req, store, scope, lifetimes, now, freshAgeMs, isIssued, onSignIn }: RequestSessionOptions) {
  const vault = store.sessions;
  if (req.session) store.unwrap(req.session);
  // The calls of a tRPC batch run at once and share the request's session.
  const queue = createKeyQueue();
  const inOrder = <Result>(work: () => Promise<Result>): Promise<Result> => queue('', work);
  // express-session leaves `req.session` undefined after `req.session.destroy()`.
  const origin = () => (req.session ? vault.origins.of(req.session) : undefined);
  const loaded = origin()?.record;
  const begun = { session: req.session, id: req.sessionID };
  const loadedAtMs = now();
  let signedOut: SignedOutReason =
    scope.outcome === 'expired' ? 'SESSION_EXPIRED' : scope.outcome === 'absent' ? 'SESSION_ENDED' : 'SIGN_IN_REQUIRED';
  let endedMidway = false;
  /** Stays so when that fails: the browser needs its cookie to try again. */
  let isEnding = false;

  /** An empty session with an id of its own, not stored. */
  const renew = (): void => req.sessionStore.generate(req);

  /** `req.session = null`: the handler wants to be rid of it. */
  const isDropped = (): boolean => !req.session && loaded !== undefined;

  function isModified(): boolean {
    if (!req.session) return isDropped();
    if (!store.isSession(req.session))
      throw new TypeError(
        'req.session was replaced by an object that is no session. Set its keys, or empty it with sessionOf(req).flush().',
      );
    return vault.isModified(req.session);
  }

  /** `req.session` is as it was stored, also if the handler has put something else in its place. */
  function rollback(): void {
    if (!req.session) return;
    if (store.isSession(req.session)) return store.rollback(req.session);
    if (req.sessionID !== begun.id) return renew();
    req.session = begun.session;
    store.rollback(req.session);
  }

  /** A new session in the place of this one, or this one untouched if that fails. */
  async function replace(data: object, created: NewSession, expiry: Expiry | undefined): Promise<boolean> {
    const before = { session: req.session, id: req.sessionID };
    // What could not be set on this one would be lost with it.
    if (before.session) store.assertAccepted(before.session);
    // Also when it is gone: another sign-in of this browser may have been a moment faster, and that one goes then.
    const replaces = origin()?.record.key ?? scope.key;
    renew();
    Object.assign(req.session, data);
    if (expiry) store.setExpiry(req.session, expiry);
    let stored = false;
    try {
      stored = await vault.create(req.sessionID, req.session, { ...created, visit: scope, ...(replaces !== undefined && { replaces }) });
      return stored;
    } finally {
      if (!stored) {
        req.session = before.session;
        req.sessionID = before.id;
      }
    }
  }

  async function flush(): Promise<void> {
    const stored = origin()?.record ?? (isDropped() ? loaded : undefined);
    // Also what was not live any more: an earlier try may have ended it in one storage and not reached the other.
    const key = stored?.key ?? scope.key;
    isEnding = true;
    if (key !== undefined) await vault.engine.destroy(key);
    isEnding = false;
    scope.replaced = false;
    renew();
    signedOut = 'SIGN_IN_REQUIRED';
  }

  /** Runs work on the stored session; if that was ended meanwhile, so is it here. */
  async function unlessEnded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof SessionEndedError) {
        endedMidway = true;
        renew();
        signedOut = 'SESSION_ENDED';
      }
      throw error;
    }
  }

  /** An emptied anonymous session is removed instead. */
  async function save(): Promise<void> {
    if (!isModified()) return;
    const stored = origin();
    const isEmptied = stored && !stored.user && Object.keys(req.session).every((key) => key === 'cookie');
    if (isDropped() || isEmptied) return flush();
    await unlessEnded(() => vault.save(req.sessionID, req.session, scope));
  }

  /** Stores what was changed. @throws SessionEndedError */
  const commitOrThrow = (): Promise<void> => inOrder(save);

  return {
    state(): SessionState {
      const stored = origin();
      if (!stored?.user) return { signedIn: false, reason: signedOut };
      const { record, user } = stored;
      const { authenticatedAt } = req.session;
      const session: SessionView = {
        handle: record.handle,
        loginTime: req.session.loginTime ?? new Date(record.createdAtMs),
        lastActivity: new Date(record.lastActivityAtMs),
        expires: new Date(record.expiresAtMs),
        absoluteExpires: new Date(absoluteExpiryMs(record, lifetimes)),
        untilBrowserCloses: untilBrowserCloses(record, lifetimes),
        freshUntil: authenticatedAt && new Date(authenticatedAt.getTime() + freshAgeMs),
      };
      return { signedIn: true, user, session };
    },

    /** The public name of the session, `ses_…`; undefined while nothing is stored. */
    handle: (): string | undefined => origin()?.record.handle,

    /** The hash under which the session is stored; undefined while nothing is. For engines and accounts, not for showing. */
    key: (): string | undefined => origin()?.record.key,

    /** @throws UnstorableValueError, ReservedKeyError */
    isModified,

    /** Stores what was changed, or says that the session was ended meanwhile. */
    async commit(): Promise<CommitOutcome> {
      try {
        await commitOrThrow();
        return { ok: true };
      } catch (error) {
        if (error instanceof SessionEndedError) return { ok: false, reason: 'SESSION_ENDED' };
        throw error;
      }
    },

    commitOrThrow,

    /** Nothing of what this request changed and has not stored yet is stored; `req.session` is as it was. */
    rollback,

    /** Ends the session: data and id are gone, `req.session` is a new, empty one (Django's `flush`). */
    flush: (): Promise<void> => inOrder(flush),

    /**
     * New id, same data, same lifetime; the old id is dead (Django's `cycle_key`). false: it was ended meanwhile, or the user may not
     * have one any more.
     */
    cycle: (): Promise<boolean> =>
      inOrder(async () => {
        const stored = origin();
        if (!stored && !isModified()) {
          renew();
          return true;
        }
        const expiry = store.expiryOf(req.session) ?? stored?.record;
        const { user, record } = stored ?? {};
        const created = {
          ...(record && { createdAtMs: record.createdAtMs, credentialEpoch: record.credentialEpoch, onlyIfLive: true }),
          ...(user && { user }),
        };
        return replace(ownData(req), created, expiry && { customAgeSeconds: expiry.customAgeSeconds, fixedExpiryMs: expiry.fixedExpiryMs });
      }),

    /**
     * A new session for the user: new id, the one before ended, declared keys kept. Everything is kept if the same user
     * signs in again. false: the user is suspended, gone, or has newer credentials, and nothing has changed.
     * Who the user is must be known for certain: nothing is checked here but that the account still allows it.
     * @throws TypeError if `method` is no name for one: nothing has changed.
     * @throws UndeliverableCookieError if the browser would not get the cookie, or not keep it: nothing has changed.
     */
    async signIn(user: SessionUser, { credentialEpoch, remember, method = 'password' }: SignInOptions): Promise<boolean> {
      assertSignInMethod(method);
      const stored = await inOrder(async () => {
        const before = origin();
        const data = ownData(req);
        const asked = req.session && store.expiryOf(req.session);
        const kept = before?.user
          ? before.user.id === user.id
            ? data
            : {}
          : Object.fromEntries(CARRIED_KEYS.filter((key) => key in data).map((key) => [key, data[key]]));
        const at = new Date(now());
        // An age that this request has asked for stays; a browser that is not to be remembered is not, whatever else was asked for.
        const expiry = remember === false ? rememberedAs(remember, lifetimes) : (asked ?? rememberedAs(remember, lifetimes));
        const isStored = await replace({ ...kept, loginTime: at, authenticatedAt: at }, { user, credentialEpoch }, expiry);
        const after = isStored ? origin() : undefined;
        if (!after) return undefined;
        const replaced = before?.user ? { userId: before.user.id, handle: before.record.handle } : undefined;
        return { handle: after.record.handle, replaced };
      });
      if (!stored) return false;
      const visit = { ip: scope.ip, userAgent: scope.userAgent };
      // Not in the queue: it may use the session itself.
      await notifySignIn(onSignIn, { user, method, visit, ...stored }, req);
      return true;
    },

    /**
     * The password of whoever is signed in was checked once more: a new id, the same data, fresh, and every age begins anew
     * (NIST SP 800-63B-4, 2.1.3; ASVS 7.2.4). false: nobody is signed in, or may not be any more; nothing has changed.
     */
    reauthenticate: ({ credentialEpoch }: { credentialEpoch: number }): Promise<boolean> =>
      inOrder(async () => {
        const stored = origin();
        if (!stored?.user) return false;
        const { customAgeSeconds, fixedExpiryMs } = store.expiryOf(req.session) ?? stored.record;
        const data = { ...ownData(req), authenticatedAt: new Date(now()) };
        return replace(data, { user: stored.user, credentialEpoch, onlyIfLive: true }, { customAgeSeconds, fixedExpiryMs });
      }),

    /**
     * Changes the data by what is stored at this moment, tried again when another request was faster: the way to
     * count. `change` may run several times. @throws SessionEndedError
     */
    async update(change: (data: ChangeableData) => void): Promise<void> {
      if (origin()) return unlessEnded(() => vault.update(req.session, change));
      assertSynchronous(change(req.session as unknown as ChangeableData));
      await commitOrThrow();
    },

    /**
     * As Django's `set_expiry`: seconds of inactivity, a date, 0 = until the browser closes, null = as the settings say.
     * The absolute age is a limit to all of them. @throws RangeError
     */
    setExpiry(value: number | Date | null): void {
      if (!req.session) throw new Error('This request has no session any more: it was destroyed.');
      store.setExpiry(req.session, expiryFrom(value));
    },

    /**
     * Of a session that slid the cookie is sent again; after a slow request only if the session is still there: if it was replaced or ended
     * meanwhile the browser holds a newer cookie by now, or none. undefined: there is nothing to ask.
     */
    confirmSlide(): Promise<void> | undefined {
      const record = origin()?.record;
      if (!scope.slid || record === undefined || record !== loaded || now() - loadedAtMs <= QUICK_MS) return undefined;
      const keep = (isLive: boolean): void => void (scope.slid = isLive);
      // Not renewed this time, it is the next.
      return vault.engine.load(record.key).then(
        ({ status }) => keep(status === 'live'),
        () => keep(false),
      );
    },

    /** What the answer's headers have to do about the cookie. `again`: also if the browser has it as it is. */
    cookie(again = false): DueCookie | 'expire' | undefined {
      const stored = origin()?.record;
      // Replaced, or ended while this request ran: by now the browser may hold the cookie of a newer session, which must stay.
      if (!stored) return !scope.replaced && !endedMidway && !isEnding && isIssued() ? 'expire' : undefined;
      const isNew = stored.key !== loaded?.key;
      const isWritten = isNew || stored.version !== loaded?.version;
      if (!isWritten && !scope.slid && !again) return undefined;
      const maxAgeMs = untilBrowserCloses(stored, lifetimes) ? undefined : stored.expiresAtMs - now();
      return { id: req.sessionID, maxAgeMs, isNew };
    },
  };
}

export type RequestSession = ReturnType<typeof createRequestSession>;

function ownData(req: Request): Record<string, unknown> {
  const { cookie: _, ...data } = (req.session ?? {}) as unknown as Record<string, unknown>;
  return data;
}
