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

/**
 * What a handler can do with the session of its request. `req.session` holds the data; this is the rest.
 * Each operation is stored when its promise resolves, and throws StorageUnavailableError if it cannot be stored.
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

  /** Public id of the session, `ses_…`; undefined while nothing is stored. */
  handle(): string | undefined {
    return this.#live.snapshot()?.record.handle;
  }

  /** Has changes that are not stored. @throws UnstorableValueError, ReservedKeyError */
  isModified(): boolean {
    return this.#live.isModified();
  }

  /** Stores what was changed, or says that the session was ended meanwhile. */
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

  /** Drops what this request changed and has not stored yet; `req.session` is as it was. */
  rollback(): void {
    this.#live.rollback();
  }

  /**
   * Ends the session: its data and its cookie are gone, `req.session` is a new, empty one (Django's `flush`).
   * @param options.isSignOut false: `onSignOut` is not called, because the caller reports it in another way. Default: true.
   */
  flush(options: { readonly isSignOut?: boolean } = {}): Promise<void> {
    return this.#live.flush(options);
  }

  /**
   * Rotates the secret in the cookie: same session, same data, same lifetime, another cookie (Django's `cycle_key`). The secret before is
   * valid until the new one arrives. false: the session was ended meanwhile.
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
   * Signs a user in: a new session with a new id, the one before ended, declared keys kept. If the same user signs in again, the session
   * stays and its secret, epoch and times are new. Nothing is checked here but that the account still allows it: who the user is must be
   * known for certain.
   *
   * @returns false if the user is suspended, gone, or has newer credentials; nothing has changed.
   * @throws TypeError if `method` is not a valid name; nothing has changed.
   * @throws UndeliverableCookieError if the browser would not get the cookie, or not keep it; nothing has changed.
   * @throws SessionConflictError if another sign-in of this browser was faster; nothing has changed.
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
   * The password of the signed-in user was checked once more: another secret, the same data, fresh, and every age begins anew
   * (NIST SP 800-63B-4, 2.1.3; ASVS 7.2.4).
   *
   * @returns false if nobody is signed in, or the account does not allow it any more; nothing has changed.
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
   * Changes the data as it is stored at this moment, and tries again when another request was faster: the way to count. `change` may run
   * several times. @throws SessionEndedError
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
   * As Django's `set_expiry`: seconds of inactivity, a date, 0 = until the browser closes, null = as the settings say.
   * The absolute age limits all of them. @throws RangeError
   */
  setExpiry(value: number | Date | null): void {
    stateOf(this.#live.required()).expiry = expiryFrom(value);
  }
}

interface SecretChange {
  /** Keys that are set with it. */
  readonly set?: StoredData;
  /** Of a user who has proved who they are. */
  readonly credentialEpoch?: number;
  /** Default: what the object asks for, else as it is. */
  readonly expiry?: Expiry | undefined;
}

/** Gives the stored session another secret, and stores with it what the request has changed. false: the session was ended, or refused. */
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
    // `req.session` may have been asked for meanwhile.
    const after = live.accessed();
    if (after) {
      Object.assign(after, set && repository.revive(set));
      // Stored, or overruled.
      if (stateOf(after).expiry === asked) stateOf(after).expiry = undefined;
    }
    live.replaceSnapshot(snapshot);
    return true;
  } catch (error) {
    if (!(error instanceof SessionEndedError)) throw error;
    // If only the account's epoch was refused, the session is as it was.
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

/** A new session in place of what the browser had. false: the account does not allow it. */
async function signInAnew(live: LiveSession, { user, credentialEpoch, set, current, expiry }: NewSignIn): Promise<boolean> {
  const { repository, now, objects } = live.parts;
  const { client, assertDeliverable } = live.request;
  const object = live.accessed();
  // What could not be set on the session before would be lost with it.
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

/** An age that this request has asked for stays, unless the browser is not to be remembered. */
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
