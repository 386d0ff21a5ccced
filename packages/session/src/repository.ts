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

/** How to read from a session object what is not data. */
export interface SessionRules extends KeyRules {
  /** The expiry that was set on a session object; undefined: none was set. */
  readonly expiryOf: (session: object) => Expiry | undefined;
  /** The error of a refused assignment to the object, with which storing it fails. Default: none. */
  readonly refusalOf?: (session: object) => Error | undefined;
  /** Prepares the object that the callback of `update` changes, so that assignments to it are checked too. */
  readonly guard?: (data: object) => void;
}

export interface RepositoryOptions {
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  readonly schema: DataSchema;
  readonly rules: SessionRules;
  /** Maximum size of the data as JSON. Default: 256 KiB. */
  readonly maxDataBytes?: number | undefined;
}

/** What storing needs to know about the request. */
export interface WriteContext {
  /** The user did not cause the request, so its writes are not activity. */
  readonly background?: boolean;
  /**
   * Whether to end the session if the write leaves no data. A concurrent write, or sign-in from it, is stored before the end or fails
   * because of it. Default: false.
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
  /** Whether the browser already has the secret. Default: false, so the first request that presents it is recorded. */
  readonly isPresented?: boolean;
}

/** What a re-authentication or a rotation writes besides the secret. */
export interface SecretChange {
  /** A session object whose changes are stored in the same write. */
  readonly session?: object | undefined;
  /** Changes the new secret before it is issued. Default: no change. */
  readonly mark?: (secret: string) => string;
  /** Whether the replaced secret was never sent to the browser, so that the one before it stays valid. Default: false. */
  readonly isUnsent?: boolean;
  /** Keys to set, as stored. */
  readonly set?: StoredData;
  readonly expiry?: Expiry | undefined;
  /** Set it if the user has just authenticated: every age restarts, and no other secret stays valid. */
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

  /** The stored keys, serialized like an unchanged session object. */
  const storedKeys = ({ base }: Snapshot): Serialized => serialize(revive(base));

  /** The timestamps after a data write. A background request is not activity, or a poll would keep its own session alive. */
  const afterDataWrite = (timestamps: SessionTimestamps, { background = false }: WriteContext): SessionTimestamps =>
    background ? withExpiry(timestamps, lifetimes) : afterWrite(timestamps, lifetimes, now());

  /** The expiry that was set on the object, if it differs from the stored one. */
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

  /** The object's changes since the snapshot. @throws UnstorableValueError, ReservedKeyError */
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

  /** @returns whether the stored data is empty after that. Other requests may have changed it since. */
  async function writeChanges(session: object, snapshot: Snapshot, context: WriteContext): Promise<boolean> {
    const changes = changesOf(session, snapshot);
    const expiry = expiryChange(session, snapshot.record);
    let isEmptied = isEmpty(snapshot.record.data);
    if (!changes && !expiry) return isEmptied;
    const record = await commitChange(engine, snapshot.record, (current) => {
      const data = changes ? merged(current.data, changes) : current.data;
      isEmptied = isEmpty(data);
      const end = context.endsEmpty === true && isEmptied ? fixedExpiry(now()) : expiry;
      return { ...(changes && { data }), timestamps: afterDataWrite({ ...timestampsOf(current), ...end }, context) };
    });
    // The base does not get other requests' keys either, because the object does not have them.
    const base = changes ? applyChanges(snapshot.base, changes) : snapshot.base;
    stateOf(session).snapshot = { ...snapshot, record, base };
    return isEmptied;
  }

  /** Updates a session object to the stored record. Its own unsaved changes stay. */
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

    /** The data to store for a new session object. @throws UnstorableValueError, ReservedKeyError */
    newData(session: object): StoredData {
      const stored = serialize(session);
      assertRevivable(session, stored.keys(), schema);
      return toStoredData(stored);
    },

    /** Returns a function that applies a session object's changes since `snapshot` to stored data. Without a snapshot: all of its data. */
    changesOver(session: object, snapshot: Snapshot | undefined): (stored: StoredData) => StoredData {
      const changes = snapshot ? changesOf(session, snapshot) : { set: serialize(session), deleted: new Set<string>() };
      return (stored) => (changes ? applyChanges(stored, changes) : stored);
    },

    /** Whether the object has unsaved changes. `besides`: a key to ignore. @throws UnstorableValueError, ReservedKeyError */
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
     * Stores the changed keys of a loaded object.
     * @returns false if that has ended the session: see `endsEmpty`.
     * @throws SessionEndedError if the session has ended since it was loaded or stored.
     * @throws SessionTooLargeError
     */
    async save(session: object, context: WriteContext = {}): Promise<boolean> {
      const { handle } = required(session).record;
      return runSerialized(handle, async () => {
        // Read the snapshot again, because another save of this object may have been first.
        const isEmptied = await writeChanges(session, required(session), context);
        if (context.endsEmpty !== true || !isEmptied) return true;
        await engine.destroy(handle);
        return false;
      });
    },

    /**
     * Read-modify-write on the stored data, retried after a conflict. The session object's own unsaved changes stay.
     * @throws SessionEndedError
     */
    async update(session: object, change: (data: Record<string, unknown>) => unknown, context: WriteContext = {}): Promise<void> {
      await runSerialized(required(session).record.handle, async () => {
        const snapshot = required(session);
        // Throws if the object has a value that cannot be stored, before anything is written.
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

    /** Discards an object's unsaved changes. */
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

/** An async function is refused, because what it changes after its first `await` would not be stored. */
export function assertSynchronous(result: unknown): void {
  if (!(result instanceof Promise)) return;
  // The caller gets the error below, so the promise's own one must not be an unhandled rejection.
  result.catch(() => undefined);
  throw new TypeError('The function given to update() must not be async: await first, and change the data inside.');
}

export type Repository = ReturnType<typeof createRepository>;
