import { createKeyQueue } from './key-queue.ts';
import { NO_EXPIRY, settled, written, type Clocks, type Expiry, type Lifetimes } from './policy.ts';
import { commitChange } from './session-commit.ts';
import { newHandle, sessionKey } from './session-id.ts';
import { createOrigins, type Origin } from './session-origin.ts';
import { assertRevivable, reviveData, type DataSchema } from './session-schema.ts';
import { assertFits, DEFAULT_MAX_DATA_BYTES } from './session-size.ts';
import {
  applyChanges,
  changesBetween,
  serializeKeys,
  toStoredData,
  type Changes,
  type KeyRules,
  type Serialized,
} from './session-values.ts';
import type { CreateOptions, Engine, SessionRecord, SessionUser, StoredData } from './engine-port.ts';
import { visitScope, type CreatingVisit } from './visit-scope.ts';

/** What a session object says besides its data. */
export interface SessionRules extends KeyRules {
  /** The expiry a session object asks for; undefined: as it is. */
  readonly expiryOf: (session: object) => Expiry | undefined;
  /** Something that could not be set on the object; storing it fails with this. Default: nothing. */
  readonly refusalOf?: (session: object) => Error | undefined;
  /** Prepares the object that `update` gives to be changed, so that `refusalOf` knows of it. */
  readonly guard?: (data: object) => void;
}

export interface VaultOptions {
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  readonly schema: DataSchema;
  readonly rules: SessionRules;
  /** Of the data as JSON. Default: 256 KiB. */
  readonly maxDataBytes?: number | undefined;
}

export interface NewSession extends CreateOptions {
  readonly user?: SessionUser;
  readonly credentialEpoch?: number;
  /** When the session's absolute age began, if before now: a new id alone does not prolong it. Epoch milliseconds. */
  readonly createdAtMs?: number;
  readonly visit?: CreatingVisit | undefined;
}

/** Session objects in, session records out: what is new is created, what was loaded is only ever updated. */
export function createVault({ engine, lifetimes, now, schema, rules, maxDataBytes = DEFAULT_MAX_DATA_BYTES }: VaultOptions) {
  const origins = createOrigins();
  const inTurn = createKeyQueue();

  function serialize(session: object): Serialized {
    const refusal = rules.refusalOf?.(session);
    if (refusal) throw refusal;
    return serializeKeys(session, rules);
  }

  /** Stored data as a session object has it: what others may have stored under keys that are not data stays there. */
  const revive = (data: StoredData): Record<string, unknown> =>
    reviveData(Object.fromEntries(Object.entries(data).filter(([key]) => !rules.own.has(key) && !rules.reserved.has(key))), schema);

  /** The clocks after a data write. What a background request writes is no activity: a poll that counts itself would keep a session for ever. */
  const afterWrite = (clocks: Clocks): Clocks =>
    visitScope.getStore()?.background ? settled(clocks, lifetimes) : written(clocks, lifetimes, now());

  /** An expiry that the object asks for and that is not what is stored. */
  function expiryChange(session: object, record: SessionRecord): Expiry | undefined {
    const wanted = rules.expiryOf(session);
    return wanted?.customAgeSeconds === record.customAgeSeconds && wanted.fixedExpiryMs === record.fixedExpiryMs ? undefined : wanted;
  }

  async function create(
    id: string,
    session: object,
    { user, credentialEpoch = 0, createdAtMs = now(), visit, ...options }: NewSession,
  ): Promise<boolean> {
    const stored = serialize(session);
    assertRevivable(session, stored.keys(), schema);
    visit?.assertDeliverable?.();
    const record: SessionRecord = {
      key: sessionKey(id),
      handle: newHandle(),
      userId: user?.id ?? null,
      credentialEpoch,
      data: toStoredData(stored),
      version: 1,
      ...settled({ createdAtMs, renewedAtMs: now(), lastActivityAtMs: now(), ...(rules.expiryOf(session) ?? NO_EXPIRY) }, lifetimes),
      ip: visit?.ip ?? null,
      userAgent: visit?.userAgent ?? null,
    };
    assertFits(record.data, maxDataBytes);
    if (!(await engine.create(record, options))) return false;
    origins.set(session, { record, user: user ?? null, stored });
    return true;
  }

  /** What is stored with the changed keys over it. @throws SessionTooLargeError */
  function changed(data: StoredData, changes: Changes): StoredData {
    const after = applyChanges(data, changes);
    assertFits(after, maxDataBytes, data);
    return after;
  }

  async function writeChanges(session: object, origin: Origin): Promise<void> {
    const after = serialize(session);
    const changes = changesBetween(origin.stored, after);
    if (changes) assertRevivable(session, changes.set.keys(), schema);
    const expiry = expiryChange(session, origin.record);
    if (!changes && !expiry) return;
    const record = await commitChange(engine, origin.record, (current) => ({
      data: changes ? changed(current.data, changes) : current.data,
      clocks: afterWrite({ ...current, ...expiry }),
    }));
    origins.set(session, { ...origin, record, stored: after });
  }

  /** Brings a session object up to what is stored; what it has changed itself and not saved yet stays. */
  function refresh(session: object, origin: Origin, record: SessionRecord): void {
    const local = changesBetween(origin.stored, serialize(session));
    const fresh = revive(record.data);
    const target = session as Record<string, unknown>;
    for (const key of origin.stored.keys()) if (!Object.hasOwn(fresh, key) && !local?.set.has(key)) delete target[key];
    for (const [key, value] of Object.entries(fresh)) if (!local?.set.has(key) && !local?.deleted.has(key)) target[key] = value;
    origins.set(session, { ...origin, record, stored: serialize(revive(record.data)) });
  }

  return {
    engine,
    origins,

    /** The data of a live session, its types back; the origin goes with the returned object. */
    async read(id: string): Promise<Record<string, unknown> | undefined> {
      const scope = visitScope.getStore();
      const key = sessionKey(id);
      const outcome = await engine.load(key, scope?.background ? undefined : scope);
      if (scope) Object.assign(scope, { key, outcome: outcome.status });
      if (scope && outcome.status === 'absent') scope.replaced = await engine.isReplaced(key);
      if (outcome.status !== 'live') return undefined;
      if (scope && outcome.slid) scope.slid = true;
      const data = revive(outcome.record.data);
      origins.set(data, { record: outcome.record, user: outcome.user, stored: serialize(data) });
      return data;
    },

    /** Has something that storage does not have. @throws UnstorableValueError, ReservedKeyError */
    isModified(session: object): boolean {
      const origin = origins.of(session);
      const current = serialize(session);
      if (!origin) return current.size > 0;
      return changesBetween(origin.stored, current) !== undefined || expiryChange(session, origin.record) !== undefined;
    },

    /**
     * Stores what the object has and storage does not: all of it if it was never stored, else the keys that changed.
     * @throws SessionEndedError if it was ended since it was loaded or stored.
     * @throws SessionTooLargeError
     * @throws UndeliverableCookieError if it was never stored and the browser would not get its cookie.
     */
    async save(id: string, session: object, visit?: CreatingVisit): Promise<void> {
      await inTurn(sessionKey(id), async () => {
        const origin = origins.of(session);
        if (origin) await writeChanges(session, origin);
        else await create(id, session, { visit });
      });
    },

    /** false: the user may not have a session any more; nothing was stored. */
    create: (id: string, session: object, created: NewSession = {}): Promise<boolean> =>
      inTurn(sessionKey(id), () => create(id, session, created)),

    /**
     * Read-modify-write on what is stored now, tried again when someone else was faster.
     * Keys that the session object has changed itself and not saved yet stay as they are.
     * @throws SessionEndedError
     */
    async update(session: object, change: (data: Record<string, unknown>) => unknown): Promise<void> {
      const key = origins.of(session)?.record.key;
      if (key === undefined) throw new Error('Only a stored session can be updated.');
      await inTurn(key, async () => {
        // As of now: another update of this object may have come first.
        const origin = origins.of(session) as Origin;
        // What the object itself has that cannot be stored is an error before anything is written.
        serialize(session);
        const record = await commitChange(engine, origin.record, (current) => {
          const data = revive(current.data);
          const before = serialize(data);
          rules.guard?.(data);
          assertSynchronous(change(data));
          const changes = changesBetween(before, serialize(data));
          if (changes) assertRevivable(data, changes.set.keys(), schema);
          return changes && { data: changed(current.data, changes), clocks: afterWrite(current) };
        });
        refresh(session, origin, record);
      });
    },

    /** The object is again what is stored: what it has changed is dropped. */
    rollback(session: object): void {
      const target = session as Record<string, unknown>;
      for (const key of Object.keys(target)) if (!rules.own.has(key)) delete target[key];
      Object.assign(target, revive(toStoredData(origins.of(session)?.stored ?? new Map())));
    },
  };
}

/** What an async function would change after its first `await` comes too late, and is not stored. */
export function assertSynchronous(result: unknown): void {
  if (!(result instanceof Promise)) return;
  // Whatever becomes of it, the caller has its error.
  result.catch(() => undefined);
  throw new TypeError('The function given to update() must not be async: await first, and change the data inside.');
}

export type Vault = ReturnType<typeof createVault>;
