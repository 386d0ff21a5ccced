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
import { snapshotFrom, snapshotOf, stateOf, type Snapshot } from './session-snapshot.ts';

export interface SessionStoreOptions {
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** Restores the types of declared keys. Default: the contract's `sessionDataSchema`. */
  readonly schema?: DataSchema;
  /** Maximum size of a session's data as JSON, in bytes. A larger one is refused with SessionTooLargeError. Default: 262144. */
  readonly maxDataBytes?: number;
}

/**
 * A store for plain express-session.
 *
 *     session({ store: new SessionStore({ engine, lifetimes }), … })
 *
 * A new session is created. A loaded session is only updated if it still exists, key by key, so concurrent requests do
 * not undo each other's changes. A session expires with its cookie, if the cookie has an expiry.
 *
 * express-session saves after it has sent the headers, and its sessions have no user. Use `sessionMiddleware` for
 * Gatehouse's other guarantees.
 *
 * The express-session id serves as the secret; storage has only hashes of it. Every method takes a callback, or returns
 * a promise if there is none.
 */
export class SessionStore extends expressSession.Store {
  readonly #repository: Repository;
  readonly #lifetimes: Lifetimes;
  readonly #now: () => number;
  /** Several new objects may have the same id. The first one creates the session, the others then find it. */
  readonly #runSerialized = createKeyQueue();

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
      this.#runSerialized(id, () => this.#put(id, session)),
      callback,
    );
  }

  override touch(id: string, session: SessionData, callback?: Callback<void>): Promise<void> {
    return nodeify(this.#renew(id, session), callback);
  }

  override destroy(id: string, callback?: Callback<void>): Promise<void> {
    return nodeify(this.#end(id), callback);
  }

  /** Counts live sessions. */
  override length(callback?: Callback<number>): Promise<number> {
    return nodeify(
      this.#repository.engine.count().then(({ sessions }) => sessions),
      callback,
    );
  }

  /** Returns the data of all live sessions, without ids, which are not stored. Reads storage page by page. */
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
    return outcome.status === 'live' ? snapshotFrom(outcome, token) : undefined;
  }

  async #read(id: string): Promise<SessionData | null> {
    const snapshot = await this.#load(id);
    if (!snapshot) return null;
    const data = this.#repository.revive(snapshot.base) as unknown as SessionData;
    stateOf(data).snapshot = snapshot;
    // A touch changes the timestamps but not the data, which contains the cookie.
    const { fixedExpiryMs } = snapshot.record;
    if (fixedExpiryMs !== null && data.cookie) Object.assign(data.cookie, { expires: new Date(fixedExpiryMs).toISOString() });
    return data;
  }

  async #put(id: string, session: SessionData): Promise<void> {
    if (snapshotOf(session)?.token.secret !== tokenOf(id).secret) {
      // A new session, or one set without a request: it replaces what is stored.
      const stored = await this.#load(id);
      if (!stored) return this.#create(id, session);
      stateOf(session).snapshot = stored;
    }
    try {
      await this.#repository.save(session);
    } catch (error) {
      // express-session saves after every request (`resave`). If only the expiry changed and the session is gone, that
      // is like a touch of a missing session, which is not an error.
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
      // The id is taken, either by a live session that another process just created or by an expired one.
      const stored = await this.#load(id);
      if (stored) {
        stateOf(session).snapshot = stored;
        return void (await this.#repository.save(session));
      }
      if (!(await this.#removeExpired(id))) throw error;
      stateOf(session).snapshot = await create();
    }
  }

  /** Removes an expired session that has this id and was not purged yet. */
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
    // The browser was given exactly this expiry, so even a small step is written.
    const lifetimes = wanted.fixedExpiryMs === null ? this.#lifetimes : { ...this.#lifetimes, activityIntervalMs: 0 };
    const timestamps = slide(wanted, lifetimes, this.#now());
    if (timestamps) await this.#repository.engine.touch(record.handle, timestamps);
  }
}

/** @throws TypeError if the id is not a string, which untyped callers may pass. */
function tokenOf(id: unknown): SessionToken {
  if (typeof id !== 'string') throw new TypeError('The session id must be a string.');
  return tokenOfId(id);
}

/**
 * Rules of express-session: the cookie is stored with the data, and its expiry is the session's. A date that the schema
 * does not declare becomes text, as in every express-session store.
 */
const storeRules = (now: () => number) => ({
  own: new Set<string>(),
  reserved: new Set(['__proto__']),
  unchecked: new Set(['cookie']),
  keepsDates: () => true,
  expiryOf: (session: object) => cookieExpiry(session, now()),
});

/** The expiry in the session's cookie; undefined without a cookie. */
function cookieExpiry({ cookie }: { cookie?: { expires?: unknown; maxAge?: unknown } }, nowMs: number): Expiry | undefined {
  if (!cookie) return undefined;
  const { expires, maxAge } = cookie;
  const givenMs = expires instanceof Date || typeof expires === 'string' ? new Date(expires).getTime() : NaN;
  const ms = typeof maxAge === 'number' && Number.isNaN(givenMs) ? nowMs + maxAge : givenMs;
  return Number.isNaN(ms) ? NO_EXPIRY : fixedExpiry(ms);
}
