import {
  CARRIED_KEYS,
  type CommitOutcome,
  type SessionIdentity,
  type SessionState,
  type SessionUser,
  type SignedOutReason,
} from '@gatehouse/contract';
import type { Request } from 'express';
import type { SessionData } from 'express-session';
import type { ClientInfo, LoadOutcome, StoredData } from './engine-port.ts';
import { SessionEndedError } from './errors.ts';
import { createKeyQueue } from './key-queue.ts';
import { NO_EXPIRY, type Expiry, type Lifetimes } from './policy.ts';
import { assertSynchronous, type Repository } from './repository.ts';
import { expiryFrom, rememberedAs } from './requested-expiry.ts';
import { dueCookie, type DueCookie } from './due-cookie.ts';
import { checkSecret } from './secrets.ts';
import { hashSecret, type SessionToken } from './session-id.ts';
import type { RequestSessionObjects } from './session-objects.ts';
import { snapshotOf, stateOf, type Snapshot } from './session-snapshot.ts';
import { sessionState } from './session-state.ts';
import { assertNotReplaced, createSuccessor, type Predecessor } from './sign-in.ts';
import { assertSignInMethod, notifySignIn, type OnSignIn } from './sign-in-event.ts';

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

/** What all requests of one middleware have in common. */
export interface SessionParts {
  readonly repository: Repository;
  readonly objects: RequestSessionObjects;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  /** How long after the password was checked a session is fresh. */
  readonly freshAgeMs: number;
  readonly onSignIn: OnSignIn | undefined;
  /** What a cookie's secret ends with, to tell the cookies of one name apart: see session-cookie.ts. */
  readonly markSecret: (req: Request, secret: string) => string;
}

/** One request, as the middleware found it. */
export interface LoadedRequest {
  readonly req: Request;
  readonly client: ClientInfo;
  /** No person caused the request: neither loading nor saving is activity. */
  readonly background: boolean;
  /** Of the cookie, if we have issued it. */
  readonly token: SessionToken | undefined;
  /** What became of it; undefined: there was none. */
  readonly outcome: LoadOutcome | undefined;
  /** The browser does not have this token yet. */
  readonly isAdopted?: boolean;
  /** The request came with a cookie that we issued: one of another app is not for us to remove. */
  readonly isIssued: () => boolean;
  /** @throws UndeliverableCookieError if nobody would have the secret of a session that is created now. */
  readonly assertDeliverable: () => void;
}

/** A request that takes longer than this may well be answered after another of the same browser has changed its cookie. */
const QUICK_MS = 100;

/** Why nobody is signed in, by what the request's cookie was worth. */
const REASONS: Readonly<Record<LoadOutcome['status'], SignedOutReason>> = {
  live: 'SIGN_IN_REQUIRED',
  expired: 'SESSION_EXPIRED',
  absent: 'SESSION_ENDED',
  claimed: 'SESSION_ENDED',
};

/** `req.session` has not been asked for. */
const NOT_ACCESSED = Symbol('not accessed');

/**
 * The session of one request: all that is known of it and all that can be done with it. `req.session` holds its data and is made when
 * it is first asked for, so that a request which does not need it does not pay for it.
 * Each operation is stored when its promise resolves, and throws StorageUnavailableError if it cannot be.
 */
export class RequestSession {
  readonly #parts: SessionParts;
  readonly #request: LoadedRequest;
  readonly #loaded: Snapshot | undefined;
  /** When storage was last read or written. */
  #knownAtMs: number;
  /** The stored session, as long as `req.session` has not been asked for; then its object knows. */
  #pending: Snapshot | undefined;
  #object: unknown = NOT_ACCESSED;
  #begun: object | undefined;
  #queue: ReturnType<typeof createKeyQueue> | undefined;
  #reason: SignedOutReason;
  #slid: boolean;
  /** The handler has ended it: the browser's cookie goes. */
  #isFlushed = false;
  /** The session that was stored when the handler put `req.session` to null. */
  #dropped: Snapshot | undefined;
  /** The secret was changed by another request, whose answer gives the browser a newer cookie. */
  #isSuperseded = false;

  constructor(parts: SessionParts, request: LoadedRequest) {
    const { outcome, token } = request;
    this.#parts = parts;
    this.#request = request;
    this.#knownAtMs = parts.now();
    this.#slid = outcome?.status === 'live' && outcome.slid;
    this.#reason = REASONS[outcome?.status ?? 'live'];
    this.#loaded =
      outcome?.status === 'live' && token ? { record: outcome.record, base: outcome.record.data, user: outcome.user, token } : undefined;
    this.#pending = this.#loaded;
  }

  /** `req.session`. */
  get object(): unknown {
    if (this.#object !== NOT_ACCESSED) return this.#object;
    const { repository, objects } = this.#parts;
    const session = objects.create(this.#request.req, this);
    if (this.#pending) {
      stateOf(session).snapshot = this.#pending;
      Object.assign(session, repository.revive(this.#pending.base));
    }
    this.#begun ??= session;
    this.#object = session;
    return session;
  }

  set object(value: unknown) {
    this.#dropped = value === undefined || value === null ? (this.#snapshot() ?? this.#dropped) : undefined;
    this.#object = value;
  }

  /** Something is stored, or was until the handler got rid of it. */
  get isStored(): boolean {
    return this.#snapshot() !== undefined || this.#isDropped();
  }

  /** As stored, and as this request knows it. */
  #snapshot(): Snapshot | undefined {
    if (this.#object === NOT_ACCESSED) return this.#pending;
    return typeof this.#object === 'object' && this.#object !== null ? snapshotOf(this.#object) : undefined;
  }

  /** The calls of a tRPC batch run at once and share the request's session. */
  async #inOrder<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await (this.#queue ??= createKeyQueue())('', work);
    } catch (error) {
      // Most often another request was faster, whose cookie the browser has by now or is about to get: this one must not come over that.
      this.#slid = false;
      throw error;
    }
  }

  /** Goes on with this stored session, or with an empty one. */
  #begin(snapshot: Snapshot | undefined): void {
    this.#object = NOT_ACCESSED;
    this.#pending = snapshot;
    this.#begun = undefined;
    if (snapshot) this.#stored();
  }

  /** The request has a session, and storage has it as we know it. */
  #stored(): void {
    this.#isFlushed = false;
    this.#knownAtMs = this.#parts.now();
  }

  /** The object that the handler has, unless it was never asked for. */
  #accessed(): object | undefined {
    return this.#object !== NOT_ACCESSED && typeof this.#object === 'object' && this.#object !== null ? this.#object : undefined;
  }

  /** `req.session = null`, or destroyed: the handler wants to be rid of it. */
  #isDropped(): boolean {
    return (this.#object === undefined || this.#object === null) && this.#dropped !== undefined && !this.#isFlushed;
  }

  /** Who is signed in, or why nobody is. */
  state(): SessionState {
    return sessionState(this.#snapshot(), { object: this.#accessed(), reason: this.#reason, ...this.#parts });
  }

  /** Public id of the session, `ses_…`; undefined while nothing is stored. */
  handle(): string | undefined {
    return this.#snapshot()?.record.handle;
  }

  /** @throws UnstorableValueError, ReservedKeyError */
  isModified(): boolean {
    if (this.#object === NOT_ACCESSED) return false;
    const object = this.#object;
    if (object === undefined || object === null) return this.#isDropped();
    if (!this.#parts.objects.isOne(object))
      throw new TypeError(
        'req.session was replaced by an object that is no session. Set its keys, or empty it with sessionOf(req).flush().',
      );
    return this.#parts.repository.isModified(object);
  }

  /** Stores what was changed, or says that the session was ended meanwhile. */
  async commit(): Promise<CommitOutcome> {
    try {
      await this.commitOrThrow();
      return { ok: true };
    } catch (error) {
      if (error instanceof SessionEndedError) return { ok: false, reason: 'SESSION_ENDED' };
      throw error;
    }
  }

  /** Stores what was changed. @throws SessionEndedError */
  commitOrThrow(): Promise<void> {
    return this.#inOrder(() => this.#save());
  }

  /** An emptied anonymous session is removed instead. */
  async #save(): Promise<void> {
    if (!this.isModified()) return;
    const object = this.#accessed();
    const stored = this.#snapshot();
    if (!object) return this.#flush();
    if (!stored) await this.#create(object);
    else {
      const endsEmpty = !stored.user && Object.keys(object).every((key) => key === 'cookie');
      const isLive = await this.#unlessEnded(() =>
        this.#parts.repository.save(object, { background: this.#request.background, endsEmpty }),
      );
      if (!isLive) return this.#flushed();
    }
    this.#stored();
  }

  async #create(object: object): Promise<void> {
    const { repository, now } = this.#parts;
    const { client, outcome, token: presented, assertDeliverable } = this.#request;
    const data = repository.newData(object);
    assertDeliverable();
    await assertNotReplaced(repository.engine, { outcome, token: presented, now });
    const token = await this.#newToken(null);
    stateOf(object).snapshot = await repository.create({ data, expiry: stateOf(object).expiry, client, token });
  }

  async #newToken(userId: string | null): Promise<SessionToken> {
    return this.#parts.repository.newToken(userId, (secret) => this.#parts.markSecret(this.#request.req, secret));
  }

  /** Runs work on the stored session; if that was ended meanwhile, so is it here. */
  async #unlessEnded<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SessionEndedError) this.#ended();
      throw error;
    }
  }

  #ended(): void {
    this.#begin(undefined);
    this.#reason = 'SESSION_ENDED';
  }

  /** Nothing of what this request changed and has not stored yet is stored; `req.session` is as it was. */
  rollback(): void {
    const { objects } = this.#parts;
    // Ended, and not only asked to be.
    if (this.#isFlushed && !this.#accessed()) return;
    if (!objects.isOne(this.#object)) this.#object = this.#begun ?? NOT_ACCESSED;
    const object = this.#accessed();
    if (object) objects.rollback(object);
  }

  /** Ends the session: its data and its cookie are gone, `req.session` is a new, empty one (Django's `flush`). */
  flush(): Promise<void> {
    return this.#inOrder(() => this.#flush());
  }

  async #flush(): Promise<void> {
    // Also what was not live any more: an earlier try may have ended it in one storage and not reached the other. A cookie whose
    // signature is right may end its session however old its secret is.
    const handle = (this.#snapshot() ?? this.#dropped)?.record.handle ?? this.#request.token?.handle;
    if (handle !== undefined) await this.#parts.repository.engine.destroy(handle);
    this.#flushed();
  }

  #flushed(): void {
    this.#begin(undefined);
    this.#isFlushed = true;
    this.#reason = 'SIGN_IN_REQUIRED';
  }

  /**
   * Rotates the secret in the cookie: same session, same data, same lifetime, another cookie (Django's `cycle_key`). The secret before is
   * valid until the new one arrives. false: the session was ended meanwhile.
   * @throws SessionConflictError if another request has rotated it first.
   */
  cycle(): Promise<boolean> {
    return this.#inOrder(async () => {
      const stored = this.#snapshot();
      if (!stored) {
        await this.#save();
        return true;
      }
      return this.#changeSecret(stored, {});
    });
  }

  async #changeSecret(stored: Snapshot, { set, credentialEpoch, expiry }: OwnSecretChange): Promise<boolean> {
    const { repository, objects, markSecret } = this.#parts;
    const object = this.#accessed();
    const asked = object && stateOf(object).expiry;
    if (object) objects.assertAccepted(object);
    this.#request.assertDeliverable();
    try {
      const snapshot = await repository.changeSecret(stored, {
        session: object,
        expiry,
        isUnsent: stored.token !== this.#loaded?.token,
        ...(set && { set }),
        ...(credentialEpoch !== undefined && { signIn: { credentialEpoch, client: this.#request.client } }),
        mark: (secret) => markSecret(this.#request.req, secret),
      });
      // `req.session` may have been asked for meanwhile.
      const after = this.#accessed();
      if (after) {
        Object.assign(after, set && repository.revive(set));
        const state = stateOf(after);
        state.snapshot = snapshot;
        // Stored, or overruled.
        if (state.expiry === asked) state.expiry = undefined;
      } else this.#pending = snapshot;
      this.#stored();
      return true;
    } catch (error) {
      if (!(error instanceof SessionEndedError)) throw error;
      // Refused for the account's epoch alone: the session is as it was.
      if (credentialEpoch === undefined || !(await repository.engine.find(stored.record.handle))) this.#ended();
      return false;
    }
  }

  /**
   * Signs a user in: a new session with a new id, the one before ended, declared keys kept. If the same user signs in again, the session
   * stays and its secret, epoch and times are new.
   * false: the user is suspended, gone, or has newer credentials, and nothing has changed.
   * Who the user is must be known for certain: nothing is checked here but that the account still allows it.
   * @throws TypeError if `method` is no name for one: nothing has changed.
   * @throws UndeliverableCookieError if the browser would not get the cookie, or not keep it: nothing has changed.
   * @throws SessionConflictError if another sign-in of this browser was faster: nothing has changed.
   */
  async signIn(user: SessionUser, { credentialEpoch, remember, method = 'password' }: SignInOptions): Promise<boolean> {
    assertSignInMethod(method);
    const before = this.#snapshot();
    const isSignedIn = await this.#inOrder(async () => {
      const current = this.#snapshot();
      const at = new Date(this.#parts.now()).toISOString();
      const set = { loginTime: at, authenticatedAt: at };
      const expiry = this.#expiryOf(remember);
      if (current?.user?.id === user.id && (await this.#changeSecret(current, { set, credentialEpoch, expiry: expiry ?? NO_EXPIRY })))
        return true;
      return this.#signInAnew({ user, credentialEpoch, set, current, expiry });
    });
    const handle = this.handle();
    if (!isSignedIn || handle === undefined) {
      // Another sign-in of this browser may have been faster, and have a cookie that this answer must not come over.
      this.#slid = false;
      return false;
    }
    const replaced = before?.user && before.record.handle !== handle ? { userId: before.user.id, handle: before.record.handle } : undefined;
    // Not in the queue: it may use the session itself.
    await notifySignIn(this.#parts.onSignIn, { user, method, visit: this.#request.client, handle, replaced }, this.#request.req);
    return true;
  }

  /** An age that this request has asked for stays; a browser that is not to be remembered is not, whatever else was asked for. */
  #expiryOf(remember: boolean | undefined): Expiry | undefined {
    const remembered = rememberedAs(remember, this.#parts.lifetimes);
    const object = this.#accessed();
    return remember === false ? remembered : ((object && stateOf(object).expiry) ?? remembered);
  }

  async #signInAnew({ user, credentialEpoch, set, current, expiry }: NewSignIn): Promise<boolean> {
    const { repository, now, objects } = this.#parts;
    const { client, assertDeliverable } = this.#request;
    const object = this.#accessed();
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
        token: await this.#newToken(user.id),
        predecessor: this.#predecessor(current),
        dataFrom: (stored) => ({ ...(current?.user ? {} : carriedKeys(carried(stored))), ...set }),
      },
      now,
    );
    if (!snapshot) return false;
    this.#begin(snapshot);
    return true;
  }

  #predecessor(current: Snapshot | undefined): Predecessor | undefined {
    const { outcome, token } = this.#request;
    if (current) return { status: 'live', record: current.record };
    if (!token || !outcome) return undefined;
    if (outcome.status === 'claimed') return { ...outcome, handle: token.handle };
    return outcome.status === 'absent' ? { status: 'refused', handle: token.handle } : undefined;
  }

  /**
   * The password of whoever is signed in was checked once more: another secret, the same data, fresh, and every age begins anew
   * (NIST SP 800-63B-4, 2.1.3; ASVS 7.2.4). false: nobody is signed in, or may not be any more; nothing has changed.
   * @throws SessionConflictError if another request has changed the secret first.
   */
  reauthenticate({ credentialEpoch }: { credentialEpoch: number }): Promise<boolean> {
    return this.#inOrder(async () => {
      const stored = this.#snapshot();
      if (!stored?.user) return false;
      const set = { authenticatedAt: new Date(this.#parts.now()).toISOString() };
      return this.#changeSecret(stored, { set, credentialEpoch });
    });
  }

  /**
   * Changes the data by what is stored at this moment, tried again when another request was faster: the way to
   * count. `change` may run several times. @throws SessionEndedError
   */
  async update(change: (data: ChangeableData) => void): Promise<void> {
    if (!snapshotOf(this.#required())) {
      assertSynchronous(change(this.#required() as ChangeableData));
      return this.commitOrThrow();
    }
    await this.#inOrder(() => this.#unlessEnded(() => this.#parts.repository.update(this.#required(), change, this.#request)));
    this.#stored();
  }

  /** `req.session`. @throws Error if the handler is rid of it. */
  #required(): object {
    const { object } = this;
    if (typeof object !== 'object' || object === null) throw new Error('This request has no session any more: it was destroyed.');
    return object;
  }

  /**
   * As Django's `set_expiry`: seconds of inactivity, a date, 0 = until the browser closes, null = as the settings say.
   * The absolute age is a limit to all of them. @throws RangeError
   */
  setExpiry(value: number | Date | null): void {
    stateOf(this.#required()).expiry = expiryFrom(value);
  }

  /** `req.session.save()`. @throws SessionEndedError of an object that is not `req.session` any more. */
  async saveObject(session: object): Promise<void> {
    if (session !== this.#object) throw new SessionEndedError();
    await this.commitOrThrow();
  }

  /** `req.session.reload()`: what is stored now, in a new object. @throws SessionEndedError */
  reload(): Promise<void> {
    return this.#inOrder(() =>
      this.#unlessEnded(async () => {
        const stored = this.#snapshot() ?? this.#loaded;
        if (!stored) throw new Error('This session was never stored, so there is nothing to load.');
        const { token } = stored;
        // Not `load`: the browser has not presented a secret that this request has just changed.
        const found = await this.#parts.repository.engine.find(token.handle);
        if (!found || checkSecret(found.record, hashSecret(token.secret), this.#parts.now()) === 'refused') throw new SessionEndedError();
        this.#begin({ ...found, base: found.record.data, token });
      }),
    );
  }

  /** `req.session.destroy()`: the request has no session any more. */
  async drop(): Promise<void> {
    this.object = undefined;
    await this.#inOrder(async () => {
      const handle = this.#dropped?.record.handle ?? this.#request.token?.handle;
      if (handle !== undefined) await this.#parts.repository.engine.destroy(handle);
      this.#isFlushed = true;
      this.#reason = 'SIGN_IN_REQUIRED';
    });
  }

  /** `req.session.regenerate()`: this session is ended, and `req.session` is a new, empty one. */
  regenerate(): Promise<void> {
    return this.flush();
  }

  /**
   * Before a cookie is sent by a request that has not heard of storage for a while: if its secret was changed meanwhile, or another
   * session has taken the place, the browser holds a newer cookie by now, or none. undefined: there is nothing to ask.
   */
  confirmCookie(): Promise<void> | undefined {
    const [stored, due] = [this.#snapshot(), this.cookie()];
    if (!stored || typeof due !== 'object' || this.#parts.now() - this.#knownAtMs <= QUICK_MS) return undefined;
    return this.#parts.repository.engine.find(stored.record.handle).then(
      (found) => void (this.#isSuperseded = found?.record.secretHash !== hashSecret(stored.token.secret)),
      // A cookie that is not renewed this time is renewed the next; one with a new secret may be the only way to the session.
      () => void (this.#isSuperseded = !due.isNew),
    );
  }

  /**
   * What the answer's headers have to do about the cookie. `again`: also if the browser has it as it is. Only a session that the handler
   * itself has ended takes the cookie away: a refused one is left to be overwritten, because the browser may hold a newer one by now.
   */
  cookie(again = false): DueCookie | 'expire' | undefined {
    const stored = this.#snapshot();
    if (!stored) return this.#isFlushed && this.#request.isIssued() ? 'expire' : undefined;
    if (this.#isSuperseded) return undefined;
    const isRenewed = this.#slid || again;
    return dueCookie(stored, { loaded: this.#loaded, isRenewed, isAdopted: this.#request.isAdopted === true, ...this.#parts });
  }
}

interface OwnSecretChange {
  /** Keys that are set with it. */
  readonly set?: StoredData;
  /** Of a user who has proved who they are. */
  readonly credentialEpoch?: number;
  /** Default: what the object asks for, else as it is. */
  readonly expiry?: Expiry | undefined;
}

interface NewSignIn {
  readonly user: SessionUser;
  readonly credentialEpoch: number;
  readonly set: StoredData;
  readonly current: Snapshot | undefined;
  readonly expiry: Expiry | undefined;
}

const carriedKeys = (data: StoredData): StoredData =>
  Object.fromEntries(CARRIED_KEYS.flatMap((key) => (data[key] === undefined ? [] : [[key, data[key]]])));
