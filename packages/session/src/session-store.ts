import { sessionDataSchema } from '@gatehouse/contract';
import expressSession, { type SessionData } from 'express-session';
import { allSessionData } from './all-session-data.ts';
import type { Engine, SessionRecord } from './engine-port.ts';
import { SessionEndedError } from './errors.ts';
import { createKeyQueue } from './key-queue.ts';
import { nodeify, type Callback } from './node-callback.ts';
import { assertLifetimes, fixedExpiry, NO_EXPIRY, slide, type Expiry, type Lifetimes } from './policy.ts';
import { createRepository, type Repository } from './repository.ts';
import { hashSecret, tokenOfId, type SessionToken } from './session-id.ts';
import type { DataSchema } from './session-schema.ts';
import { snapshotOf, stateOf, type Snapshot } from './session-snapshot.ts';

export interface SessionStoreOptions {
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** Gives declared keys their types back. Default: the contract's `sessionDataSchema`. */
  readonly schema?: DataSchema;
  /** A session with more data than this, as JSON, is refused with SessionTooLargeError. Default: 262144 (256 KiB). */
  readonly maxDataBytes?: number;
}

/**
 * A Store for plain express-session: `session({ store: new SessionStore({ engine, lifetimes }), … })`.
 *
 * A session that express-session generated is created; one that it loaded is only updated if it still exists,
 * key by key, so that neither a slow request nor a concurrent one undoes anything. Expiry follows the session's
 * cookie where that has one. Use `sessionMiddleware` for the rest of what Gatehouse promises: express-session
 * itself saves after it has sent the headers, and its sessions have no user.
 *
 * The session id of express-session is the secret: storage holds hashes of it. Every method takes a callback, or returns a promise
 * where none is given.
 */
export class SessionStore extends expressSession.Store {
  readonly #repository: Repository;
  readonly #lifetimes: Lifetimes;
  readonly #now: () => number;
  /** Of several new objects under one id the first creates and the others find it: none runs into an id that is taken. */
  readonly #inTurn = createKeyQueue();

  constructor({ engine, lifetimes, now = Date.now, schema = sessionDataSchema, maxDataBytes }: SessionStoreOptions) {
    super();
    assertLifetimes(lifetimes);
    this.#lifetimes = lifetimes;
    this.#now = now;
    this.#repository = createRepository({ engine, lifetimes, now, schema, maxDataBytes, rules: storeRules(now) });
  }

  override get(id: string, callback?: Callback<SessionData | null>): Promise<SessionData | null> {
    return nodeify(this.#read(id), callback);
  }

  override set(id: string, session: SessionData, callback?: Callback<void>): Promise<void> {
    return nodeify(
      this.#inTurn(id, () => this.#put(id, session)),
      callback,
    );
  }

  override touch(id: string, session: SessionData, callback?: Callback<void>): Promise<void> {
    return nodeify(this.#renew(id, session), callback);
  }

  override destroy(id: string, callback?: Callback<void>): Promise<void> {
    return nodeify(this.#end(id), callback);
  }

  /** How many sessions are live. */
  override length(callback?: Callback<number>): Promise<number> {
    return nodeify(
      this.#repository.engine.count().then(({ sessions }) => sessions),
      callback,
    );
  }

  /** The data of all live sessions, a page at a time from storage; without ids, which are stored nowhere. */
  override all(callback?: Callback<SessionData[]>): Promise<SessionData[]> {
    return nodeify(allSessionData(this.#repository.engine), callback);
  }

  override clear(callback?: Callback<void>): Promise<void> {
    return nodeify(
      this.#repository.engine.destroyAll().then(() => undefined),
      callback,
    );
  }

  override createSession(request: Parameters<expressSession.Store['createSession']>[0], data: SessionData) {
    const session = super.createSession(request, data);
    stateOf(session).snapshot = snapshotOf(data);
    return session;
  }

  async #end(id: string): Promise<void> {
    await this.#repository.engine.destroy(tokenOf(id).handle);
  }

  async #load(id: string): Promise<Snapshot | undefined> {
    const token = tokenOf(id);
    const outcome = await this.#repository.engine.load(token.handle, { secretHash: hashSecret(token.secret) });
    return outcome.status === 'live' ? { record: outcome.record, base: outcome.record.data, user: outcome.user, token } : undefined;
  }

  async #read(id: string): Promise<SessionData | null> {
    const snapshot = await this.#load(id);
    if (!snapshot) return null;
    const data = this.#repository.revive(snapshot.base) as unknown as SessionData;
    stateOf(data).snapshot = snapshot;
    // A touch moves the timestamps and leaves the data, and the cookie in it, as it was.
    const { fixedExpiryMs } = snapshot.record;
    if (fixedExpiryMs !== null && data.cookie) Object.assign(data.cookie, { expires: new Date(fixedExpiryMs).toISOString() });
    return data;
  }

  async #put(id: string, session: SessionData): Promise<void> {
    if (snapshotOf(session)?.token.secret !== tokenOf(id).secret) {
      // New, or set by hand and not through a request: takes the place of what is there.
      const stored = await this.#load(id);
      if (!stored) return this.#create(id, session);
      stateOf(session).snapshot = stored;
    }
    try {
      await this.#repository.save(session);
    } catch (error) {
      // Nothing but a new age was to be stored, as express-session does after every request (`resave`): a touch of a session that is
      // gone, which is no error.
      if (!(error instanceof SessionEndedError) || this.#repository.isModified(session, { besides: 'cookie' })) throw error;
    }
  }

  async #create(id: string, session: SessionData): Promise<void> {
    const data = this.#repository.newData(session);
    const create = () =>
      this.#repository.create({ data, expiry: cookieExpiry(session, this.#now()), token: tokenOfId(id), isPresented: true });
    try {
      stateOf(session).snapshot = await create();
    } catch (error) {
      // Its id is taken: by one that another process has created a moment ago, which lives, or by one that is over.
      const stored = await this.#load(id);
      if (stored) {
        stateOf(session).snapshot = stored;
        return void (await this.#repository.save(session));
      }
      if (!(await this.#removeExpired(id))) throw error;
      stateOf(session).snapshot = await create();
    }
  }

  /** Makes room for a session whose id was that of one that is over and waits to be purged. */
  async #removeExpired(id: string): Promise<boolean> {
    const token = tokenOfId(id);
    const { status } = await this.#repository.engine.load(token.handle, { secretHash: hashSecret(token.secret) });
    if (status !== 'expired') return false;
    await this.#repository.engine.destroy(token.handle);
    return true;
  }

  async #renew(id: string, session: SessionData): Promise<void> {
    const known = snapshotOf(session);
    const record: SessionRecord | undefined = known?.token.secret === id ? known.record : (await this.#load(id))?.record;
    if (!record) return;
    const wanted = { ...record, ...cookieExpiry(session, this.#now()) };
    // The browser has been told this very expiry, so it is written however small the step.
    const lifetimes = wanted.fixedExpiryMs === null ? this.#lifetimes : { ...this.#lifetimes, activityIntervalMs: 0 };
    const timestamps = slide(wanted, lifetimes, this.#now());
    if (timestamps) await this.#repository.engine.touch(record.handle, timestamps);
  }
}

/** @throws TypeError for what is no id, as code without types may give it. */
function tokenOf(id: unknown): SessionToken {
  if (typeof id !== 'string') throw new TypeError('A session id is a string.');
  return tokenOfId(id);
}

/**
 * express-session's own: the cookie is stored with the data, and its age is the session's. A date that the schema does not declare is
 * text when it is loaded, as with every store of express-session.
 */
const storeRules = (now: () => number) => ({
  own: new Set<string>(),
  reserved: new Set(['__proto__']),
  unchecked: new Set(['cookie']),
  keepsDates: () => true,
  expiryOf: (session: object) => cookieExpiry(session, now()),
});

/** What the session's cookie says of its end; undefined if it has no cookie. */
function cookieExpiry({ cookie }: { cookie?: { expires?: unknown; maxAge?: unknown } }, nowMs: number): Expiry | undefined {
  if (!cookie) return undefined;
  const { expires, maxAge } = cookie;
  const givenMs = expires instanceof Date || typeof expires === 'string' ? new Date(expires).getTime() : NaN;
  const ms = typeof maxAge === 'number' && Number.isNaN(givenMs) ? nowMs + maxAge : givenMs;
  return Number.isNaN(ms) ? NO_EXPIRY : fixedExpiry(ms);
}
