import { sessionDataSchema } from '@gatehouse/contract';
import expressSession, { type SessionData } from 'express-session';
import type { Engine } from './engine-port.ts';
import { SessionEndedError } from './errors.ts';
import { createKeyQueue } from './key-queue.ts';
import { answer, type Callback } from './node-callback.ts';
import { assertLifetimes, fixedExpiry, NO_EXPIRY, visited, type Expiry, type Lifetimes } from './policy.ts';
import { sessionKey } from './session-id.ts';
import type { DataSchema } from './session-schema.ts';
import { changesBetween, serializeKeys, type KeyRules } from './session-values.ts';
import { createVault, type SessionRules, type Vault } from './session-vault.ts';

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
 * itself saves after it has sent the headers.
 *
 * Every method takes a callback, or returns a promise where none is given.
 */
export class SessionStore extends expressSession.Store {
  protected readonly vault: Vault;
  readonly #lifetimes: Lifetimes;
  protected readonly now: () => number;
  /** Of several new objects under one id the first creates and the others find it: none runs into a key that is taken. */
  readonly #inTurn = createKeyQueue();

  constructor(
    { engine, lifetimes, now = Date.now, schema = sessionDataSchema, maxDataBytes }: SessionStoreOptions,
    rules: StoreRules = plainRules(now),
  ) {
    super();
    assertLifetimes(lifetimes);
    this.#lifetimes = lifetimes;
    this.now = now;
    this.vault = createVault({
      engine,
      lifetimes,
      now,
      schema,
      maxDataBytes,
      rules: { keepsDates: (key) => Object.hasOwn(schema.shape, key), ...rules },
    });
  }

  override get(id: string, callback?: Callback<SessionData | null>): Promise<SessionData | null> {
    return answer(this.read(id), callback);
  }

  override set(id: string, session: SessionData, callback?: Callback<void>): Promise<void> {
    return answer(this.write(id, session), callback);
  }

  override touch(id: string, session: SessionData, callback?: Callback<void>): Promise<void> {
    return answer(this.renew(id, session), callback);
  }

  override destroy(id: string, callback?: Callback<void>): Promise<void> {
    return answer(this.#end(id), callback);
  }

  /** How many sessions are live. */
  override length(callback?: Callback<number>): Promise<number> {
    return answer(
      this.vault.engine.count().then(({ sessions }) => sessions),
      callback,
    );
  }

  /** The data of all live sessions, a page at a time from storage; without ids, which are stored nowhere. */
  override all(callback?: Callback<SessionData[]>): Promise<SessionData[]> {
    return answer(allData(this.vault.engine), callback);
  }

  override clear(callback?: Callback<void>): Promise<void> {
    return answer(
      this.vault.engine.destroyAll().then(() => undefined),
      callback,
    );
  }

  override createSession(request: Parameters<expressSession.Store['createSession']>[0], data: SessionData) {
    const session = super.createSession(request, data);
    this.vault.origins.carry(data, session);
    return session;
  }

  protected async read(id: string): Promise<SessionData | null> {
    const data = (await this.vault.read(id)) as SessionData | undefined;
    if (!data) return null;
    // A touch moves the clocks and leaves the data, and the cookie in it, as it was.
    const fixedExpiryMs = this.vault.origins.of(data)?.record.fixedExpiryMs ?? undefined;
    if (fixedExpiryMs !== undefined && data.cookie) Object.assign(data.cookie, { expires: new Date(fixedExpiryMs).toISOString() });
    return data;
  }

  async #end(id: string): Promise<void> {
    await this.vault.engine.destroy(sessionKey(id));
  }

  protected write(id: string, session: SessionData): Promise<void> {
    return this.#inTurn(id, () => this.#put(id, session));
  }

  async #put(id: string, session: SessionData): Promise<void> {
    const { vault } = this;
    if (vault.origins.of(session)?.record.key !== sessionKey(id)) {
      // New, or set by hand and not through a request: takes the place of what is there.
      const stored = await vault.read(id);
      if (!stored) return this.#create(id, session);
      vault.origins.carry(stored, session);
    }
    try {
      await vault.save(id, session);
    } catch (error) {
      if (!(error instanceof SessionEndedError) || this.#isChanged(session)) throw error;
      // Nothing but a new age was to be stored, as express-session does after every request (`resave`): a touch of
      // a session that is gone, which is no error.
    }
  }

  async #create(id: string, session: SessionData): Promise<void> {
    try {
      await this.vault.create(id, session);
    } catch {
      // Its id may be taken, by a session that is over or by one that was set a moment ago.
      await this.vault.create(id, session, { replaces: sessionKey(id) });
    }
  }

  #isChanged(session: SessionData): boolean {
    const stored = this.vault.origins.of(session)?.stored;
    const rules: KeyRules = { own: new Set(['cookie']), reserved: NOTHING, keepsDates: () => true };
    return (
      stored === undefined ||
      changesBetween(new Map([...stored].filter(([key]) => key !== 'cookie')), serializeKeys(session, rules)) !== undefined
    );
  }

  protected async renew(id: string, session: SessionData): Promise<void> {
    const key = sessionKey(id);
    const known = this.vault.origins.of(session)?.record;
    const record = known?.key === key ? known : await recordOf(this.vault.engine, key);
    if (!record) return;
    const wanted = { ...record, ...cookieExpiry(session, this.now()) };
    // The browser has been told this very expiry, so it is written however small the step.
    const lifetimes = wanted.fixedExpiryMs === null ? this.#lifetimes : { ...this.#lifetimes, activityIntervalMs: 0 };
    const clocks = visited(wanted, lifetimes, this.now());
    if (clocks) await this.vault.engine.touch(key, clocks);
  }
}

const NOTHING: ReadonlySet<string> = new Set();

/** Dates pass where the schema declares them, if nothing else is said. */
type StoreRules = Omit<SessionRules, 'keepsDates'> & Partial<Pick<SessionRules, 'keepsDates'>>;

/**
 * express-session's own: the cookie is stored with the data, and its age is the session's. A date that the schema does not declare is
 * text when it is loaded, as with every store of express-session.
 */
const plainRules = (now: () => number): SessionRules => ({
  own: NOTHING,
  reserved: new Set(['__proto__']),
  unchecked: new Set(['cookie']),
  keepsDates: () => true,
  expiryOf: (session) => cookieExpiry(session, now()),
});

/** What the session's cookie says of its end; undefined if it has no cookie. */
function cookieExpiry({ cookie }: { cookie?: { expires?: unknown; maxAge?: unknown } }, nowMs: number): Expiry | undefined {
  if (!cookie) return undefined;
  const { expires, maxAge } = cookie;
  const givenMs = expires instanceof Date || typeof expires === 'string' ? new Date(expires).getTime() : NaN;
  const ms = typeof maxAge === 'number' && Number.isNaN(givenMs) ? nowMs + maxAge : givenMs;
  return Number.isNaN(ms) ? NO_EXPIRY : fixedExpiry(ms);
}

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
