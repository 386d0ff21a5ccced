import { CARRIED_KEYS, type CommitOutcome, type SessionIdentity, type SessionState, type SessionUser } from '@gatehouse/contract';
import type { SessionData } from 'express-session';
import type { StoredData } from './engine-port.ts';
import { SessionEndedError } from './errors.ts';
import type { LiveSession } from './live-session.ts';
import { NO_EXPIRY, type Expiry } from './policy.ts';
import { assertSynchronous } from './repository.ts';
import { expiryFrom, rememberedAs } from './requested-expiry.ts';
import { snapshotOf, stateOf, type Snapshot } from './session-snapshot.ts';
import { createSuccessor, type Predecessor } from './sign-in.ts';
import { assertSignInMethod, notifySignIn } from './sign-in-event.ts';

/** The session's data, with the keys that the app has declared for `req.session`. Other keys are unknown. */
export type ChangeableData = Omit<SessionData, 'cookie' | keyof SessionIdentity> & Record<string, unknown>;

export interface SignInOptions {
  /**
   * The account's credential epoch when the user was authenticated: `accounts.authenticate` returns it for a password,
   * `accounts.forSignIn` for any other method. A new password and a suspension raise it. With an older one, `signIn` returns false.
   */
  readonly credentialEpoch: number;
  /**
   * How the user was authenticated, for the audit trail: `passkey`, `magic-link`, `oidc:google`. At most 32 characters, lower case.
   * @default 'password'
   */
  readonly method?: string | undefined;
  /** true: the session survives closing the browser; false: it does not; undefined: the settings decide. */
  readonly remember?: boolean | undefined;
}

/**
 * The operations on the session of a request. Its data is in `req.session`. When the promise of an operation resolves, the result is
 * stored; if the storage fails, it rejects with StorageUnavailableError.
 */
export class RequestSession {
  readonly #live: LiveSession;

  constructor(live: LiveSession) {
    this.#live = live;
  }

  /** Who is signed in, or why nobody is. */
  state(): SessionState {
    return this.#live.state();
  }

  /** Public id of the session, `ses_…`; undefined until the session is stored. */
  handle(): string | undefined {
    return this.#live.snapshot()?.record.handle;
  }

  /** Whether there are changes that are not stored. @throws UnstorableValueError, ReservedKeyError */
  isModified(): boolean {
    return this.#live.isModified();
  }

  /** Stores what was changed. The result says whether the session had ended meanwhile; nothing is stored then. */
  async commit(): Promise<CommitOutcome> {
    try {
      await this.#live.commitOrThrow();
      return { ok: true };
    } catch (error) {
      if (error instanceof SessionEndedError) return { ok: false, reason: 'SESSION_ENDED' };
      throw error;
    }
  }

  /** Stores what was changed. @throws SessionEndedError */
  commitOrThrow(): Promise<void> {
    return this.#live.commitOrThrow();
  }

  /** Discards changes of this request that are not stored yet, and restores `req.session`. */
  rollback(): void {
    this.#live.rollback();
  }

  /**
   * Ends the session, like Django's `flush`: deletes the record and the cookie. `req.session` is then a new, empty session.
   * @param options.isSignOut false: `onSignOut` is not called, because the caller reports it in another way. Default: true.
   */
  flush(options: { readonly isSignOut?: boolean } = {}): Promise<void> {
    return this.#live.flush(options);
  }

  /**
   * Rotates the secret in the cookie, like Django's `cycle_key`. Public id, data and lifetime stay. The previous secret is valid until the
   * new one is first presented, and 5 seconds more.
   * @returns false if the session was ended meanwhile.
   * @throws SessionConflictError if another request has rotated it first.
   */
  cycle(): Promise<boolean> {
    return this.#live.inOrder(async () => {
      const stored = this.#live.snapshot();
      if (stored) return changeSecret(this.#live, stored, {});
      await this.#live.save();
      return true;
    });
  }

  /**
   * Signs a user in: creates a session with a new id and ends the previous one. Of the data of an anonymous session, the keys in
   * `CARRIED_KEYS` are kept. If the same user signs in again, the session stays and gets a new secret, new times and the given epoch.
   * Authenticate the user first: this only checks that the account may have a session.
   *
   * If it returns false or throws one of these errors, nothing has changed.
   * @returns false if the user is suspended, deleted, or has newer credentials.
   * @throws TypeError if `method` is not a valid name.
   * @throws UndeliverableCookieError if the browser would not receive or keep the cookie.
   * @throws SessionConflictError if another sign-in of this browser was first.
   */
  async signIn(user: SessionUser, { credentialEpoch, remember, method = 'password' }: SignInOptions): Promise<boolean> {
    assertSignInMethod(method);
    const live = this.#live;
    const before = live.snapshot();
    const isSignedIn = await live.inOrder(async () => {
      const current = live.snapshot();
      const at = new Date(live.parts.now()).toISOString();
      const set = { loginTime: at, authenticatedAt: at };
      const expiry = expiryAtSignIn(live, remember);
      const isSameUser = current?.user?.id === user.id;
      if (isSameUser && (await changeSecret(live, current, { set, credentialEpoch, expiry: expiry ?? NO_EXPIRY }))) return true;
      return signInAnew(live, { user, credentialEpoch, set, current, expiry });
    });
    const handle = this.handle();
    if (!isSignedIn || handle === undefined) {
      live.keepCookie();
      return false;
    }
    try {
      live.state();
    } catch (error) {
      // The app's expiry policy failed: nobody may use the session, so its secret is not sent.
      await live.flush({ isSignOut: false });
      throw error;
    }
    const replaced = before?.user && before.record.handle !== handle ? { userId: before.user.id, handle: before.record.handle } : undefined;
    const { client, req } = live.request;
    // Not in the queue: the callback may use the session itself.
    await notifySignIn(live.parts.onSignIn, { user, method, client, handle, replaced }, req);
    return true;
  }

  /**
   * Call it when the signed-in user has authenticated again. The session gets a new secret, is fresh, and every age restarts. Its data
   * stays (NIST SP 800-63B-4, 2.1.3; ASVS 7.2.4).
   *
   * @returns false if nobody is signed in, or the account no longer allows it. Nothing has changed then.
   * @throws SessionConflictError if another request has changed the secret first.
   */
  reauthenticate({ credentialEpoch }: { credentialEpoch: number }): Promise<boolean> {
    const live = this.#live;
    return live.inOrder(async () => {
      const stored = live.snapshot();
      if (!stored?.user) return false;
      return changeSecret(live, stored, { set: { authenticatedAt: new Date(live.parts.now()).toISOString() }, credentialEpoch });
    });
  }

  /**
   * Read-modify-write on the stored data, retried if another request wrote first. Use it if the new value depends on the old one, such as
   * for counters. `change` may run several times and must be synchronous.
   * @throws SessionEndedError, TypeError if `change` is async
   */
  async update(change: (data: ChangeableData) => void): Promise<void> {
    const live = this.#live;
    if (!snapshotOf(live.required())) {
      assertSynchronous(change(live.required() as ChangeableData));
      return live.commitOrThrow();
    }
    await live.inOrder(() => live.unlessEnded(() => live.parts.repository.update(live.required(), change, live.request)));
    live.markStored();
  }

  /**
   * Sets the session's own expiry, like Django's `set_expiry`: seconds of inactivity, a date, 0 (until the browser closes) or null (the
   * settings decide). The absolute age limits all of them. Stored with the next commit. @throws RangeError
   */
  setExpiry(value: number | Date | null): void {
    stateOf(this.#live.required()).expiry = expiryFrom(value);
  }
}

interface SecretChange {
  /** Keys to set in the same write. */
  readonly set?: StoredData;
  /** The account's epoch, if the user has just authenticated. */
  readonly credentialEpoch?: number;
  /** Default: what was set on the session object, otherwise unchanged. */
  readonly expiry?: Expiry | undefined;
}

/** Gives the session a new secret and stores the request's changes with it. false: the session has ended, or the epoch is outdated. */
async function changeSecret(live: LiveSession, stored: Snapshot, { set, credentialEpoch, expiry }: SecretChange): Promise<boolean> {
  const { repository, objects, markSecret } = live.parts;
  const { client, req, assertDeliverable } = live.request;
  const object = live.accessed();
  const asked = object && stateOf(object).expiry;
  if (object) objects.assertAccepted(object);
  assertDeliverable();
  try {
    const snapshot = await repository.changeSecret(stored, {
      session: object,
      expiry,
      isUnsent: stored.token !== live.loaded?.token,
      ...(set && { set }),
      ...(credentialEpoch !== undefined && { signIn: { credentialEpoch, client } }),
      mark: (secret) => markSecret(req, secret),
    });
    // `req.session` may have been created meanwhile.
    const after = live.accessed();
    if (after) {
      Object.assign(after, set && repository.revive(set));
      // Stored, or overridden by the expiry of the sign-in.
      if (stateOf(after).expiry === asked) stateOf(after).expiry = undefined;
    }
    live.replaceSnapshot(snapshot);
    return true;
  } catch (error) {
    if (!(error instanceof SessionEndedError)) throw error;
    // If only the epoch was refused, the session is still live.
    if (credentialEpoch === undefined || !(await repository.engine.find(stored.record.handle))) live.markEnded();
    return false;
  }
}

interface NewSignIn {
  readonly user: SessionUser;
  readonly credentialEpoch: number;
  readonly set: StoredData;
  readonly current: Snapshot | undefined;
  readonly expiry: Expiry | undefined;
}

/** Creates a session that replaces the browser's previous one. false: the account does not allow it. */
async function signInAnew(live: LiveSession, { user, credentialEpoch, set, current, expiry }: NewSignIn): Promise<boolean> {
  const { repository, now, objects } = live.parts;
  const { client, assertDeliverable } = live.request;
  const object = live.accessed();
  // Report values that were refused on the previous session, because they would be lost with it.
  if (object) objects.assertAccepted(object);
  assertDeliverable();
  const carried = object && !current?.user ? repository.changesOver(object, current) : (stored: StoredData) => stored;
  const snapshot = await createSuccessor(
    repository,
    {
      user,
      credentialEpoch,
      client,
      expiry,
      token: await live.newToken(user.id),
      predecessor: predecessorOf(live, current),
      dataFrom: (stored) => ({ ...(current?.user ? {} : carriedKeys(carried(stored))), ...set }),
    },
    now,
  );
  if (!snapshot) return false;
  live.begin(snapshot);
  return true;
}

/** An expiry that this request has set takes precedence, unless `remember` is false. */
function expiryAtSignIn(live: LiveSession, remember: boolean | undefined): Expiry | undefined {
  const remembered = rememberedAs(remember, live.parts.lifetimes);
  const object = live.accessed();
  return remember === false ? remembered : ((object && stateOf(object).expiry) ?? remembered);
}

function predecessorOf({ request }: LiveSession, current: Snapshot | undefined): Predecessor | undefined {
  const { outcome, token } = request;
  if (current) return { status: 'live', record: current.record };
  if (!token || !outcome) return undefined;
  if (outcome.status === 'claimed') return { ...outcome, handle: token.handle };
  return outcome.status === 'absent' ? { status: 'refused', handle: token.handle } : undefined;
}

const carriedKeys = (data: StoredData): StoredData =>
  Object.fromEntries(CARRIED_KEYS.flatMap((key) => (data[key] === undefined ? [] : [[key, data[key]]])));
