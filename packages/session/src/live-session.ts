import type { SessionState, SignedOutReason } from '@gatehouse/contract';
import type { Request } from 'express';
import { dueCookie, type DueCookie } from './due-cookie.ts';
import type { ClientInfo, LoadOutcome } from './engine-port.ts';
import { SessionEndedError } from './errors.ts';
import { createKeyQueue } from './key-queue.ts';
import type { Lifetimes } from './policy.ts';
import type { Repository } from './repository.ts';
import { checkSecret } from './secrets.ts';
import { hashSecret, type SessionToken } from './session-id.ts';
import type { SessionActions } from './session-object.ts';
import type { RequestSessionObjects } from './session-objects.ts';
import { snapshotFrom, snapshotOf, stateOf, type Snapshot } from './session-snapshot.ts';
import { sessionState } from './session-state.ts';
import { assertNotReplaced } from './sign-in.ts';
import type { OnSignIn } from './sign-in-event.ts';
import { notifySignOut, type OnSignOut } from './sign-out-event.ts';

/** What all requests of one middleware share. */
export interface SessionParts {
  readonly repository: Repository;
  readonly objects: RequestSessionObjects;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  /** How long after the password was checked a session is fresh. */
  readonly freshAgeMs: number;
  readonly onSignIn: OnSignIn | undefined;
  readonly onSignOut?: OnSignOut | undefined;
  /** Appends the mark that distinguishes cookies of the same name: see session-cookie.ts. */
  readonly markSecret: (req: Request, secret: string) => string;
}

/** A request and what the middleware has loaded for it. */
export interface LoadedRequest {
  readonly req: Request;
  readonly client: ClientInfo;
  /** No person caused the request: neither loading nor saving is activity. */
  readonly background: boolean;
  /** From the cookie, if we have issued it. */
  readonly token: SessionToken | undefined;
  /** Result of loading the token's session; undefined: the request has no token. */
  readonly outcome: LoadOutcome | undefined;
  /** The browser does not have this token yet. */
  readonly isAdopted?: boolean;
  /** Whether we issued a cookie of the request. We must not remove one of another app. */
  readonly isIssued: () => boolean;
  /** When the load began. Epoch milliseconds. */
  readonly beganAtMs: number;
  /** See `isCleanUpDue`: the response then also sends a cookie that the browser has. */
  readonly isCleanUpDue: () => boolean;
  /** @throws UndeliverableCookieError if the browser would not receive or keep the cookie of a session that is created now. */
  readonly assertDeliverable: () => void;
}

/** During a request that takes longer than this, another request of the same browser may have changed the cookie. */
const QUICK_MS = 100;

/** Why nobody is signed in, by the result of loading the session. */
const REASONS: Readonly<Record<LoadOutcome['status'], SignedOutReason>> = {
  live: 'SIGN_IN_REQUIRED',
  expired: 'SESSION_EXPIRED',
  absent: 'SESSION_ENDED',
  claimed: 'SESSION_ENDED',
};

/** `req.session` has not been read. */
const NOT_ACCESSED = Symbol('not accessed');

/**
 * All state of one request's session: what was loaded, what changed, and which cookie the response needs. `req.session` is created when it
 * is first read, so that it costs nothing in a request that does not use it. request-session.ts is the interface for handlers.
 */
export class LiveSession implements SessionActions {
  readonly parts: SessionParts;
  readonly request: LoadedRequest;
  /** The session as it was when the request began. */
  readonly loaded: Snapshot | undefined;
  /** When the last read or write of storage began: until then, no other request had changed the secret. Epoch milliseconds. */
  #knownAtMs: number;
  /** When the load, or the last operation, began. Epoch milliseconds. */
  #beganAtMs: number;
  /** The stored session until `req.session` is created; then the object has it. */
  #pending: Snapshot | undefined;
  #object: unknown = NOT_ACCESSED;
  /** The original session object, in case the handler replaces it. */
  #first: object | undefined;
  #queue: ReturnType<typeof createKeyQueue> | undefined;
  #reason: SignedOutReason;
  /** The last result of `state`. */
  #known: { readonly of: Snapshot | undefined; readonly reason: SignedOutReason; readonly state: SessionState } | undefined;
  readonly #slid: boolean;
  /** The handler has ended the session, so the cookie is removed. */
  #isFlushed = false;
  /** The session that was stored when the handler set `req.session` to null. */
  #dropped: Snapshot | undefined;
  /** The signed-in session that this request has ended and not reported yet. */
  #signedOut: Snapshot | undefined;
  /** Another request has changed the secret, and its response gives the browser a newer cookie. */
  #isSuperseded = false;
  /** The cookie is not renewed: only a new secret is sent. */
  #keepsCookie = false;

  constructor(parts: SessionParts, request: LoadedRequest) {
    const { outcome, token } = request;
    this.parts = parts;
    this.request = request;
    this.#beganAtMs = request.beganAtMs;
    this.#knownAtMs = request.beganAtMs;
    this.#slid = outcome?.status === 'live' && outcome.slid;
    this.#reason = REASONS[outcome?.status ?? 'live'];
    this.loaded = outcome?.status === 'live' && token ? snapshotFrom(outcome, token) : undefined;
    this.#pending = this.loaded;
  }

  /** `req.session`. */
  get object(): unknown {
    if (this.#object !== NOT_ACCESSED) return this.#object;
    const { repository, objects } = this.parts;
    const session = objects.create(this.request.req, this);
    if (this.#pending) {
      stateOf(session).snapshot = this.#pending;
      Object.assign(session, repository.revive(this.#pending.base));
    }
    this.#first ??= session;
    this.#object = session;
    return session;
  }

  set object(value: unknown) {
    this.#dropped = value === undefined || value === null ? (this.snapshot() ?? this.#dropped) : undefined;
    this.#object = value;
  }

  /** `req.session`, if it was read. */
  accessed(): object | undefined {
    return this.#object !== NOT_ACCESSED && typeof this.#object === 'object' && this.#object !== null ? this.#object : undefined;
  }

  /** `req.session`. @throws Error if the handler has destroyed it. */
  required(): object {
    const { object } = this;
    if (typeof object !== 'object' || object === null) throw new Error('The session of this request was destroyed.');
    return object;
  }

  /** The session as stored, as far as this request knows. */
  snapshot(): Snapshot | undefined {
    if (this.#object === NOT_ACCESSED) return this.#pending;
    return typeof this.#object === 'object' && this.#object !== null ? snapshotOf(this.#object) : undefined;
  }

  /** The session is stored, or was until the handler set `req.session` to null. */
  get isStored(): boolean {
    return this.snapshot() !== undefined || this.#isDropped();
  }

  /** The handler has set `req.session` to null, or destroyed it, and the stored session has not been ended yet. */
  #isDropped(): boolean {
    return (this.#object === undefined || this.#object === null) && this.#dropped !== undefined && !this.#isFlushed;
  }

  /** Who is signed in, or why nobody is. */
  state(): SessionState {
    const [stored, object] = [this.snapshot(), this.accessed()];
    // Cached, because guards call this several times per request. Not with an object, which the handler may change at any time.
    const known = this.#known;
    if (known && !object && known.of === stored && known.reason === this.#reason) return known.state;
    const { lifetimes, freshAgeMs } = this.parts;
    const policyEndMs = stored && this.#policyEndMs(stored);
    const state = sessionState(stored, { object, reason: this.#reason, policyEndMs, lifetimes, freshAgeMs });
    if (!object) this.#known = { of: stored, reason: this.#reason, state };
    return state;
  }

  #policyEndMs(stored: Snapshot): number | undefined {
    return this.parts.repository.engine.policyEndMs?.(stored);
  }

  /** Runs operations in sequence: the calls of a tRPC batch run concurrently and share the request's session. */
  async inOrder<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await (this.#queue ??= createKeyQueue())('', async () => {
        this.#beganAtMs = this.parts.now();
        return work();
      });
    } catch (error) {
      this.keepCookie();
      throw error;
    }
  }

  /** Does not renew the cookie: another request was probably faster, and the browser has its cookie or is about to get it. */
  keepCookie(): void {
    this.#keepsCookie = true;
  }

  /** Continues with this stored session, or with an empty one. */
  begin(snapshot: Snapshot | undefined): void {
    this.#object = NOT_ACCESSED;
    this.#pending = snapshot;
    this.#first = undefined;
    if (snapshot) this.markStored();
  }

  /** The session was changed in storage, and this is what is stored. */
  replaceSnapshot(snapshot: Snapshot): void {
    const object = this.accessed();
    if (object) stateOf(object).snapshot = snapshot;
    else this.#pending = snapshot;
    this.markStored();
  }

  /** What this request knows of the session is what is stored. */
  markStored(): void {
    this.#isFlushed = false;
    this.#knownAtMs = this.#beganAtMs;
  }

  /** Another request has ended the session. */
  markEnded(): void {
    this.begin(undefined);
    this.#reason = 'SESSION_ENDED';
  }

  /** This request has ended the session. */
  #markFlushed(): void {
    this.begin(undefined);
    this.#isFlushed = true;
    this.#reason = 'SIGN_IN_REQUIRED';
  }

  /** Runs work on the stored session. If that was ended meanwhile, the request becomes signed out. */
  async unlessEnded<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SessionEndedError) this.markEnded();
      throw error;
    }
  }

  /** @throws UnstorableValueError, ReservedKeyError, TypeError if `req.session` was replaced */
  isModified(): boolean {
    if (this.#object === NOT_ACCESSED) return false;
    const object = this.#object;
    if (object === undefined || object === null) return this.#isDropped();
    if (!this.parts.objects.isOne(object))
      throw new TypeError(
        'req.session was replaced by an object that is not a session. Set its keys, or empty it with sessionOf(req).flush().',
      );
    return this.parts.repository.isModified(object);
  }

  /** Stores what was changed. @throws SessionEndedError */
  async commitOrThrow(): Promise<void> {
    // `req.session` was not read, and no operation was queued.
    if (this.#object === NOT_ACCESSED && !this.#queue) return;
    await this.inOrder(() => this.save());
    await this.#reportSignOut();
  }

  /** Not in the queue: the callback may use the session itself. */
  #reportSignOut(): Promise<void> | undefined {
    const ended = this.#signedOut;
    this.#signedOut = undefined;
    if (!ended?.user) return undefined;
    const { client, req } = this.request;
    return notifySignOut(this.parts.onSignOut, { user: ended.user, handle: ended.record.handle, client }, req);
  }

  /** Call it in `inOrder`. An anonymous session that was emptied is removed instead. */
  async save(): Promise<void> {
    if (!this.isModified()) return;
    const object = this.accessed();
    const stored = this.snapshot();
    if (!object) return this.#flush();
    if (!stored) await this.#create(object);
    else {
      const { repository } = this.parts;
      const endsEmpty = !stored.user && Object.keys(object).every((key) => key === 'cookie');
      const isLive = await this.unlessEnded(() => repository.save(object, { background: this.request.background, endsEmpty }));
      if (!isLive) return this.#markFlushed();
    }
    this.markStored();
  }

  async #create(object: object): Promise<void> {
    const { repository, now } = this.parts;
    const { client, outcome, token: presented, assertDeliverable } = this.request;
    const data = repository.newData(object);
    assertDeliverable();
    await assertNotReplaced(repository.engine, { outcome, token: presented, now });
    const token = await this.newToken(null);
    stateOf(object).snapshot = await repository.create({ data, expiry: stateOf(object).expiry, client, token });
  }

  newToken(userId: string | null): Promise<SessionToken> {
    return this.parts.repository.newToken(userId, (secret) => this.parts.markSecret(this.request.req, secret));
  }

  /** Drops what this request changed and has not stored yet; `req.session` is as it was. */
  rollback(): void {
    const { objects } = this.parts;
    // The session has already ended in storage, so there is nothing to restore.
    if (this.#isFlushed && !this.accessed()) return;
    if (!objects.isOne(this.#object)) this.#object = this.#first ?? NOT_ACCESSED;
    const object = this.accessed();
    if (object) objects.rollback(object);
  }

  /** Ends the session: its data and its cookie are gone, `req.session` is a new, empty one. */
  async flush({ isSignOut = true } = {}): Promise<void> {
    await this.inOrder(() => this.#flush());
    if (!isSignOut) this.#signedOut = undefined;
    await this.#reportSignOut();
  }

  async #flush(): Promise<void> {
    // Also if it is not live any more: an earlier try may have ended it in only one of two storages. A cookie with a valid signature may
    // end its session however old its secret is.
    const ended = this.snapshot() ?? this.#dropped;
    const handle = ended?.record.handle ?? this.request.token?.handle;
    if (handle !== undefined) await this.parts.repository.engine.destroy(handle);
    this.#signedOut = ended;
    this.#markFlushed();
  }

  /** `req.session.destroy()`: ends the session, and leaves `req.session` undefined. */
  async drop(): Promise<void> {
    this.object = undefined;
    await this.inOrder(async () => {
      await this.#flush();
      this.#object = undefined;
    });
    await this.#reportSignOut();
  }

  /** `req.session.regenerate()`: ends the session; `req.session` is then a new, empty one. */
  regenerate(): Promise<void> {
    return this.flush();
  }

  /** `req.session.save()`. @throws SessionEndedError for an object that is not `req.session` any more. */
  async saveObject(session: object): Promise<void> {
    if (session !== this.#object) throw new SessionEndedError();
    await this.commitOrThrow();
  }

  /** `req.session.reload()`: reads the stored session into a new object. @throws SessionEndedError */
  reload(): Promise<void> {
    return this.inOrder(() =>
      this.unlessEnded(async () => {
        const stored = this.snapshot() ?? this.loaded;
        if (!stored) throw new Error('This session was never stored, so there is nothing to load.');
        const { token } = stored;
        // Not `load`, which would record that the browser has presented the secret: this request may have just changed it.
        const found = await this.parts.repository.engine.find(token.handle);
        if (!found || checkSecret(found.record, hashSecret(token.secret), this.parts.now()) === 'refused') throw new SessionEndedError();
        this.begin(snapshotFrom(found, token));
      }),
    );
  }

  /**
   * Call it before a slow request sends a cookie: if the secret was changed meanwhile, or the session was replaced or ended, the browser
   * has a newer cookie by now, or none. undefined: nothing to check.
   */
  confirmCookie(): Promise<void> | undefined {
    const [stored, due] = [this.snapshot(), this.cookie(this.request.isCleanUpDue())];
    if (!stored || typeof due !== 'object' || this.parts.now() - this.#knownAtMs <= QUICK_MS) return undefined;
    return this.parts.repository.engine.find(stored.record.handle).then(
      (found) => void (this.#isSuperseded = found?.record.secretHash !== hashSecret(stored.token.secret)),
      // A renewal can wait for the next request. A new secret may be the only way to the session.
      () => void (this.#isSuperseded = !due.isNew),
    );
  }

  /**
   * The cookie that the response must set; 'expire': remove it; undefined: neither. `again`: set it even if the browser has it already.
   * Only a handler that has ended the session removes the cookie. A refused cookie stays until it is overwritten, because the browser may
   * have a newer one by now.
   */
  cookie(again = false): DueCookie | 'expire' | undefined {
    const stored = this.snapshot();
    if (!stored) return this.#isFlushed && this.request.isIssued() ? 'expire' : undefined;
    if (this.#isSuperseded) return undefined;
    const { loaded, request, parts } = this;
    const isRenewed = this.#slid || again;
    const isAdopted = request.isAdopted === true;
    // Almost every request: the session is as it was loaded.
    if (stored === loaded && !isRenewed && !isAdopted) return undefined;
    const { lifetimes, now } = parts;
    const due = dueCookie(stored, { loaded, isRenewed, isAdopted, policyEndMs: () => this.#policyEndMs(stored), lifetimes, now });
    return due && !due.isNew && this.#keepsCookie ? undefined : due;
  }
}
