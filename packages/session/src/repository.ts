import { SessionConflictError, SessionEndedError } from './errors.ts';
import { createKeyQueue } from './key-queue.ts';
import {
  afterWrite,
  fixedExpiry,
  NO_EXPIRY,
  timestampsOf,
  withExpiry,
  type Expiry,
  type Lifetimes,
  type SessionTimestamps,
} from './policy.ts';
import { freshSecrets, mayRotate, rotatedSecrets } from './secrets.ts';
import { commitChange } from './session-commit.ts';
import { hashSecret, newSecret, type SessionToken } from './session-id.ts';
import { snapshotFrom, snapshotOf, stateOf, type Snapshot } from './session-snapshot.ts';
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
import type { ClientInfo, Engine, SessionRecord, SessionUser, StoredData } from './engine-port.ts';

/** What a session object says besides its data. */
export interface SessionRules extends KeyRules {
  /** The expiry a session object asks for; undefined: as it is. */
  readonly expiryOf: (session: object) => Expiry | undefined;
  /** Something that could not be set on the object; storing it fails with this. Default: nothing. */
  readonly refusalOf?: (session: object) => Error | undefined;
  /** Prepares the object that `update` gives to be changed, so that `refusalOf` knows of it. */
  readonly guard?: (data: object) => void;
}

export interface RepositoryOptions {
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  readonly schema: DataSchema;
  readonly rules: SessionRules;
  /** Of the data as JSON. Default: 256 KiB. */
  readonly maxDataBytes?: number | undefined;
}

/** A request as far as storing needs it. */
export interface WriteContext {
  /** The user did not cause the request, so its writes are not activity. */
  readonly background?: boolean;
  /**
   * If the write leaves no data, it also ends the session. Concurrent writes and sign-ins from it are stored before that, or find it
   * ended. Default: the session stays.
   */
  readonly endsEmpty?: boolean;
}

export interface NewSession {
  readonly data: StoredData;
  readonly user?: SessionUser | undefined;
  readonly credentialEpoch?: number;
  readonly expiry?: Expiry | undefined;
  readonly client?: ClientInfo | undefined;
  readonly token: SessionToken;
  /** The browser has the secret already. Default: false, so the first request that presents it is recorded. */
  readonly isPresented?: boolean;
}

/** What a re-authentication or a rotation writes besides the secret. */
export interface SecretChange {
  /** What this object has changed is stored with it. */
  readonly session?: object | undefined;
  /** Changes the new secret before it is issued. Default: no change. */
  readonly mark?: (secret: string) => string;
  /** The secret that is replaced was never sent to the browser, so the one before it stays valid. Default: false. */
  readonly isUnsent?: boolean;
  /** Keys that are set, as stored. */
  readonly set?: StoredData;
  readonly expiry?: Expiry | undefined;
  /** The user has been authenticated: every age starts again, and no other secret stays valid. */
  readonly signIn?: { readonly credentialEpoch: number; readonly client?: ClientInfo | undefined };
}

/** Stores session objects as records: a new session is created, a loaded one is only updated. */
export function createRepository({ engine, lifetimes, now, schema, rules, maxDataBytes = DEFAULT_MAX_DATA_BYTES }: RepositoryOptions) {
  const runSerialized = createKeyQueue();

  function serialize(session: object): Serialized {
    const refusal = rules.refusalOf?.(session);
    if (refusal) throw refusal;
    return serializeKeys(session, rules);
  }

  /** Turns stored data into the data of a session object. Stored keys that are not data are left out. */
  const revive = (data: StoredData): Record<string, unknown> =>
    reviveData(Object.fromEntries(Object.entries(data).filter(([key]) => !rules.own.has(key) && !rules.reserved.has(key))), schema);

  /** The stored keys as an object that nobody has changed would be serialized. */
  const storedKeys = ({ base }: Snapshot): Serialized => serialize(revive(base));

  /** The timestamps after a data write. A background request is not activity, or a poll would keep its own session alive. */
  const afterDataWrite = (timestamps: SessionTimestamps, { background = false }: WriteContext): SessionTimestamps =>
    background ? withExpiry(timestamps, lifetimes) : afterWrite(timestamps, lifetimes, now());

  /** An expiry that the object asks for and that is not what is stored. */
  function expiryChange(session: object, record: SessionRecord): Expiry | undefined {
    const wanted = rules.expiryOf(session);
    return wanted?.customAgeSeconds === record.customAgeSeconds && wanted.fixedExpiryMs === record.fixedExpiryMs ? undefined : wanted;
  }

  /** Applies the changed keys to the stored data. @throws SessionTooLargeError */
  function merged(data: StoredData, changes: Changes): StoredData {
    const after = applyChanges(data, changes);
    assertFits(after, maxDataBytes, data);
    return after;
  }

  /** What an object has and storage does not. @throws UnstorableValueError, ReservedKeyError */
  function changesOf(session: object, snapshot: Snapshot): Changes | undefined {
    const changes = changesBetween(storedKeys(snapshot), serialize(session));
    if (changes) assertRevivable(session, changes.set.keys(), schema);
    return changes;
  }

  /** Returns undefined and stores nothing if the account no longer allows a session. @throws SessionTooLargeError */
  async function create({
    data,
    user,
    credentialEpoch = 0,
    expiry,
    client,
    token,
    isPresented = false,
  }: NewSession): Promise<Snapshot | undefined> {
    assertFits(data, maxDataBytes);
    const nowMs = now();
    const secrets = freshSecrets({ secretHash: hashSecret(token.secret), nowMs });
    const record: SessionRecord = {
      handle: token.handle,
      ...secrets,
      ...(isPresented && { presentedAtMs: nowMs }),
      userId: user?.id ?? null,
      credentialEpoch,
      data,
      version: 1,
      ...withExpiry({ createdAtMs: nowMs, renewedAtMs: nowMs, lastActivityAtMs: nowMs, ...(expiry ?? NO_EXPIRY) }, lifetimes),
      ip: client?.ip ?? null,
      userAgent: client?.userAgent ?? null,
    };
    return (await engine.create(record)) ? snapshotFrom({ record, user: user ?? null }, token) : undefined;
  }

  async function writeChanges(session: object, snapshot: Snapshot, context: WriteContext): Promise<void> {
    const changes = changesOf(session, snapshot);
    const expiry = expiryChange(session, snapshot.record);
    if (!changes && !expiry) return;
    const record = await commitChange(engine, snapshot.record, (current) => {
      const data = changes ? merged(current.data, changes) : current.data;
      const end = context.endsEmpty === true && isEmpty(data) ? fixedExpiry(now()) : expiry;
      return { ...(changes && { data }), timestamps: afterDataWrite({ ...timestampsOf(current), ...end }, context) };
    });
    // Other requests' keys are not put into the object, so they are not compared with it either.
    const base = changes ? applyChanges(snapshot.base, changes) : snapshot.base;
    stateOf(session).snapshot = { ...snapshot, record, base };
  }

  /** Brings a session object up to what is stored; what it has changed itself and not saved yet stays. */
  function refresh(session: object, snapshot: Snapshot, record: SessionRecord): void {
    const before = storedKeys(snapshot);
    const local = changesBetween(before, serialize(session));
    const fresh = revive(record.data);
    const target = session as Record<string, unknown>;
    for (const key of before.keys()) if (!Object.hasOwn(fresh, key) && !local?.set.has(key)) delete target[key];
    for (const [key, value] of Object.entries(fresh)) if (!local?.set.has(key) && !local?.deleted.has(key)) target[key] = value;
    stateOf(session).snapshot = { ...snapshot, record, base: record.data };
  }

  return {
    engine,
    revive,
    create,

    /** A handle for a session of this user, and a secret. `mark`: see `SecretChange`. */
    newToken: async (userId: string | null, mark: (secret: string) => string = (own) => own): Promise<SessionToken> => ({
      handle: await engine.newHandle(userId),
      secret: mark(newSecret()),
    }),

    /** The data that storing this new object stores. @throws UnstorableValueError, ReservedKeyError */
    newData(session: object): StoredData {
      const stored = serialize(session);
      assertRevivable(session, stored.keys(), schema);
      return toStoredData(stored);
    },

    /** Puts what a session object has changed over stored data. `session` was made of `snapshot`, or is new. */
    changesOver(session: object, snapshot: Snapshot | undefined): (stored: StoredData) => StoredData {
      const changes = snapshot ? changesOf(session, snapshot) : { set: serialize(session), deleted: new Set<string>() };
      return (stored) => (changes ? applyChanges(stored, changes) : stored);
    },

    /** Has something that storage does not have, `besides` this key. @throws UnstorableValueError, ReservedKeyError */
    isModified(session: object, { besides }: { readonly besides?: string } = {}): boolean {
      const snapshot = snapshotOf(session);
      const current = serialize(session);
      if (!snapshot) return current.size > 0;
      const [before, after] =
        besides === undefined ? [storedKeys(snapshot), current] : [storedKeys(snapshot), current].map(without(besides));
      if (changesBetween(before as Serialized, after as Serialized)) return true;
      return besides === undefined && expiryChange(session, snapshot.record) !== undefined;
    },

    /**
     * Stores what a loaded object has and storage does not: the keys that changed. false: that has ended the session, see `endsEmpty`.
     * @throws SessionEndedError if it was ended since it was loaded or stored.
     * @throws SessionTooLargeError
     */
    async save(session: object, context: WriteContext = {}): Promise<boolean> {
      const { handle } = required(session).record;
      return runSerialized(handle, async () => {
        // As of now: another save of this object may have come first.
        await writeChanges(session, required(session), context);
        if (context.endsEmpty !== true || !isEmpty(required(session).record.data)) return true;
        await engine.destroy(handle);
        return false;
      });
    },

    /**
     * Read-modify-write on what is stored now, tried again when someone else was faster.
     * Keys that the session object has changed itself and not saved yet stay as they are.
     * @throws SessionEndedError
     */
    async update(session: object, change: (data: Record<string, unknown>) => unknown, context: WriteContext = {}): Promise<void> {
      await runSerialized(required(session).record.handle, async () => {
        const snapshot = required(session);
        // What the object itself has that cannot be stored is an error before anything is written.
        serialize(session);
        const record = await commitChange(engine, snapshot.record, (current) => {
          const data = revive(current.data);
          const before = serialize(data);
          rules.guard?.(data);
          assertSynchronous(change(data));
          const changes = changesBetween(before, serialize(data));
          if (changes) assertRevivable(data, changes.set.keys(), schema);
          return changes && { data: merged(current.data, changes), timestamps: afterDataWrite(timestampsOf(current), context) };
        });
        refresh(session, snapshot, record);
      });
    },

    /**
     * Changes the secret of a session, for a rotation or a re-authentication. Fails unless the snapshot has the current secret.
     * The server does not retry after a conflict, because the browser has the cookie of the request that won.
     * @throws SessionConflictError if another request has changed the secret first.
     * @throws SessionEndedError
     */
    async changeSecret(snapshot: Snapshot, change: SecretChange): Promise<Snapshot> {
      const { session, set, expiry, signIn, isUnsent = false, mark = (own) => own } = change;
      const { token } = snapshot;
      const secret = mark(newSecret());
      const presentedHash = hashSecret(token.secret);
      const changes = session && changesOf(session, snapshot);
      const wanted = expiry ?? (session && expiryChange(session, snapshot.record));
      const withOwn = (data: StoredData): StoredData => ({ ...(changes ? applyChanges(data, changes) : data), ...set });
      const record = await commitChange(engine, snapshot.record, (current) => {
        const nowMs = now();
        if (!mayRotate(current, presentedHash, nowMs)) throw new SessionConflictError();
        const next = { secretHash: hashSecret(secret), nowMs };
        const rotated = rotatedSecrets(presentedHash, next);
        const plain = isUnsent ? { ...rotated, previousSecretHash: current.previousSecretHash } : rotated;
        const data = withOwn(current.data);
        assertFits(data, maxDataBytes, current.data);
        const timestamps = { ...timestampsOf(current), ...wanted };
        return {
          ...((changes || set) && { data }),
          secrets: signIn ? freshSecrets(next) : plain,
          timestamps: withExpiry(
            signIn ? { ...timestamps, createdAtMs: nowMs, renewedAtMs: nowMs, lastActivityAtMs: nowMs } : timestamps,
            lifetimes,
          ),
          ...(signIn && { credentialEpoch: signIn.credentialEpoch, client: signIn.client }),
        };
      });
      return { ...snapshot, record, base: withOwn(snapshot.base), token: { handle: token.handle, secret } };
    },

    /** The object is again what is stored: what it has changed is dropped. */
    rollback(session: object): void {
      const target = session as Record<string, unknown>;
      for (const key of Object.keys(target)) if (!rules.own.has(key)) delete target[key];
      const snapshot = snapshotOf(session);
      if (snapshot) Object.assign(target, revive(snapshot.base));
    },
  };
}

const isEmpty = (data: StoredData): boolean => Object.keys(data).length === 0;

const without =
  (key: string) =>
  (keys: Serialized): Serialized =>
    new Map([...keys].filter(([name]) => name !== key));

function required(session: object): Snapshot {
  const snapshot = snapshotOf(session);
  if (!snapshot) throw new SessionEndedError();
  return snapshot;
}

/** What an async function would change after its first `await` comes too late, and is not stored. */
export function assertSynchronous(result: unknown): void {
  if (!(result instanceof Promise)) return;
  // Whatever becomes of it, the caller has its error.
  result.catch(() => undefined);
  throw new TypeError('The function given to update() must not be async: await first, and change the data inside.');
}

export type Repository = ReturnType<typeof createRepository>;
