import { sessionDataSchema } from '@gatehouse/contract';
import expressSession, { type SessionData } from 'express-session';
import type { Engine } from './engine-port.ts';
import { visited, type Lifetimes } from './policy.ts';
import { sessionKey } from './session-id.ts';
import type { DataSchema } from './session-schema.ts';
import { createVault, type Expiry, type Vault } from './session-vault.ts';

export interface SessionStoreOptions {
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** Gives declared keys their types back. Default: the contract's `sessionDataSchema`. */
  readonly schema?: DataSchema;
}

type Callback<Result> = (error: unknown, result?: Result) => void;

/**
 * A Store for plain express-session: `session({ store: new SessionStore({ engine, lifetimes }), … })`.
 *
 * A session that express-session generated is created; one that it loaded is only updated if it still exists,
 * key by key, so that neither a slow request nor a concurrent one undoes anything. Expiry follows the session's
 * cookie where that has one. Use `sessionMiddleware` for the rest of what Gatehouse promises: express-session
 * itself saves after it has sent the headers.
 *
 * Every method takes a callback, or returns a promise where none is given.
 */
export class SessionStore extends expressSession.Store {
  protected readonly vault: Vault;
  readonly #lifetimes: Lifetimes;
  readonly #now: () => number;

  constructor({ engine, lifetimes, now = Date.now, schema = sessionDataSchema }: SessionStoreOptions, rules: Rules = PLAIN) {
    super();
    this.#lifetimes = lifetimes;
    this.#now = now;
    this.vault = createVault({ engine, lifetimes, now, schema, ...rules });
  }

  override get(id: string, callback?: Callback<SessionData | null>): Promise<SessionData | null> {
    return answer(this.vault.read(id).then((data) => (data as SessionData | undefined) ?? null), callback);
  }

  override set(id: string, session: SessionData, callback?: Callback<void>): Promise<void> {
    return answer(this.#write(id, session), callback);
  }

  async #write(id: string, session: SessionData): Promise<void> {
    const { vault } = this;
    if (vault.origins.of(session)?.record.key === sessionKey(id)) return vault.save(session);
    // Set by hand, not through a request: take the place of what is there.
    const existing = await vault.read(id);
    if (!existing) return void (await vault.create(id, session, { replaces: sessionKey(id) }));
    vault.origins.carry(existing, session);
    await vault.save(session);
  }

  /** Saves a session object that was loaded or created here. */
  protected setLoaded(session: object, callback?: Callback<void>): Promise<void> {
    return answer(this.vault.save(session), callback);
  }

  protected setNew(id: string, session: object, callback?: Callback<void>): Promise<void> {
    return answer(this.vault.create(id, session).then(() => undefined), callback);
  }

  override touch(id: string, session: SessionData, callback?: Callback<void>): Promise<void> {
    return answer(this.#touch(id, session), callback);
  }

  async #touch(id: string, session: SessionData): Promise<void> {
    const key = sessionKey(id);
    const record = this.vault.origins.of(session)?.record ?? (await recordOf(this.vault.engine, key));
    if (!record) return;
    const expiry = PLAIN.expiryOf(session);
    const clocks = visited({ ...record, ...expiry }, expiry ? { ...this.#lifetimes, activityIntervalMs: 0 } : this.#lifetimes, this.#now());
    if (clocks) await this.vault.engine.touch(key, clocks);
  }

  override destroy(id: string, callback?: Callback<void>): Promise<void> {
    return answer(this.vault.engine.destroy(sessionKey(id)).then(() => undefined), callback);
  }

  /** How many sessions are live. */
  override length(callback?: Callback<number>): Promise<number> {
    return answer(this.vault.engine.count().then(({ sessions }) => sessions), callback);
  }

  /** The data of all live sessions, a page at a time from storage; without ids, which are stored nowhere. */
  override all(callback?: Callback<SessionData[]>): Promise<SessionData[]> {
    return answer(allData(this.vault.engine), callback);
  }

  override clear(callback?: Callback<void>): Promise<void> {
    return answer(this.vault.engine.destroyAll().then(() => undefined), callback);
  }

  override createSession(request: Parameters<expressSession.Store['createSession']>[0], data: SessionData) {
    const session = super.createSession(request, data);
    this.vault.origins.carry(data, session);
    return session;
  }
}

/** What a session object's keys mean. */
export interface Rules {
  readonly isOwn: (key: string) => boolean;
  readonly expiryOf: (session: object) => Expiry | undefined;
}

/** express-session's own: the cookie is stored with the data, and its age is the session's. */
const PLAIN: Rules = {
  isOwn: () => false,
  expiryOf(session) {
    const expires: unknown = (session as { cookie?: { expires?: unknown } }).cookie?.expires;
    const time = expires instanceof Date || typeof expires === 'string' ? new Date(expires).getTime() : NaN;
    return Number.isNaN(time) ? undefined : { customAgeSeconds: null, fixedExpiryMs: time };
  },
};

async function recordOf(engine: Engine, key: string) {
  const outcome = await engine.load(key);
  return outcome.status === 'live' ? outcome.record : undefined;
}

async function allData(engine: Engine): Promise<SessionData[]> {
  const all: SessionData[] = [];
  let after: string | undefined;
  do {
    const page = await engine.list({ limit: 1000, ...(after !== undefined && { after }) });
    all.push(...page.sessions.map(({ record }) => record.data as unknown as SessionData));
    after = page.next;
  } while (after !== undefined);
  return all;
}

function answer<Result>(work: Promise<Result>, callback: Callback<Result> | undefined): Promise<Result> {
  if (!callback) return work;
  // Out of the promise first: what a callback throws is the caller's, not a rejection of ours.
  work.then(
    (result) => queueMicrotask(() => callback(null, result)),
    (error: unknown) => queueMicrotask(() => callback(error)),
  );
  return work.catch(() => undefined as Result);
}
