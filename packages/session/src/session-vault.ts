import { createKeyQueue } from './key-queue.ts';
import { settled, written, type Clocks, type Lifetimes } from './policy.ts';
import { commitChange } from './session-commit.ts';
import { newHandle, sessionKey } from './session-id.ts';
import { createOrigins, type Origin } from './session-origin.ts';
import { reviveData, type DataSchema } from './session-schema.ts';
import { applyChanges, changesBetween, serializeKeys, toStoredData } from './session-values.ts';
import type { Engine, SessionRecord, SessionUser } from './engine-port.ts';
import { visitScope } from './visit-scope.ts';

/** `setExpiry`, as the clocks know it. */
export type Expiry = Pick<Clocks, 'customAgeSeconds' | 'fixedExpiryMs'>;

export interface VaultOptions {
  readonly engine: Engine;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  readonly schema: DataSchema;
  /** Keys of session objects that are not data. */
  readonly isOwn: (key: string) => boolean;
  /** The expiry a session object asks for; undefined: as it is. */
  readonly expiryOf: (session: object) => Expiry | undefined;
}

export interface NewSession {
  readonly user?: SessionUser;
  readonly credentialEpoch?: number;
  /** Key of the session that this one takes the place of. */
  readonly replaces?: string;
  /** When the session's absolute age began, if before now: a new id alone does not prolong it. Epoch milliseconds. */
  readonly createdAtMs?: number;
}

const AS_SET: Expiry = { customAgeSeconds: null, fixedExpiryMs: null };

/** Session objects in, session records out: what is new is created, what was loaded is only ever updated. */
export function createVault({ engine, lifetimes, now, schema, isOwn, expiryOf }: VaultOptions) {
  const origins = createOrigins();
  const inTurn = createKeyQueue();

  const keep = (session: object, origin: Origin): void => {
    origins.set(session, origin);
    const scope = visitScope.getStore();
    if (scope) scope.wrote = true;
  };

  return {
    engine,
    origins,

    /** The data of a live session, its types back; the origin goes with the returned object. */
    async read(id: string): Promise<Record<string, unknown> | undefined> {
      const scope = visitScope.getStore();
      const outcome = await engine.load(sessionKey(id), scope);
      if (scope) scope.outcome = outcome.status;
      if (outcome.status !== 'live') return undefined;
      if (scope && outcome.slid) scope.wrote = true;
      const data = reviveData(outcome.record.data, schema);
      origins.set(data, { record: outcome.record, user: outcome.user, stored: serializeKeys(data, isOwn) });
      return data;
    },

    /** Has something that storage does not have. */
    isModified(session: object): boolean {
      const stored = origins.of(session)?.stored ?? new Map<string, string>();
      return changesBetween(stored, serializeKeys(session, isOwn)) !== undefined || (origins.of(session) !== undefined && expiryChange(session) !== undefined);
    },

    /** @throws SessionEndedError if it was ended since it was loaded. */
    async save(session: object): Promise<void> {
      const origin = origins.of(session);
      if (!origin) return;
      const after = serializeKeys(session, isOwn);
      const changes = changesBetween(origin.stored, after);
      const expiry = expiryChange(session);
      if (!changes && !expiry) return;
      const record = await inTurn(origin.record.key, () =>
        commitChange(engine, origin.record, (current) => ({
          data: changes ? applyChanges(current.data, changes) : current.data,
          clocks: written({ ...current, ...expiry }, lifetimes, now()),
        })),
      );
      keep(session, { ...origin, record, stored: after });
    },

    /** false: the user may not have a session any more; nothing was stored. */
    async create(id: string, session: object, { user, credentialEpoch = 0, replaces, createdAtMs = now() }: NewSession = {}): Promise<boolean> {
      const stored = serializeKeys(session, isOwn);
      const visit = visitScope.getStore();
      const record: SessionRecord = {
        key: sessionKey(id),
        handle: newHandle(),
        userId: user?.id ?? null,
        credentialEpoch,
        data: toStoredData(stored),
        version: 1,
        ...settled({ createdAtMs, renewedAtMs: now(), lastActivityAtMs: now(), ...(expiryOf(session) ?? AS_SET) }, lifetimes),
        ip: visit?.ip ?? null,
        userAgent: visit?.userAgent ?? null,
      };
      if (!(await engine.create(record, replaces === undefined ? {} : { replaces }))) return false;
      keep(session, { record, user: user ?? null, stored });
      return true;
    },

    /**
     * Read-modify-write on what is stored now, tried again when someone else was faster.
     * Keys that the session object has changed itself and not saved yet stay as they are.
     */
    async update(session: object, change: (data: Record<string, unknown>) => void): Promise<void> {
      const origin = origins.of(session);
      if (!origin) throw new Error('Only a stored session can be updated.');
      const record = await inTurn(origin.record.key, async () =>
        commitChange(engine, origins.of(session)?.record ?? origin.record, (current) => {
          const data = reviveData(current.data, schema);
          change(data);
          return { data: toStoredData(serializeKeys(data, isOwn)), clocks: written(current, lifetimes, now()) };
        }),
      );
      refresh(session, origin, record);
    },

    /** The object is again what is stored: what it has changed is dropped. */
    rollback(session: object): void {
      const target = session as Record<string, unknown>;
      for (const key of Object.keys(target)) if (!isOwn(key)) delete target[key];
      Object.assign(target, reviveData(toStoredData(origins.of(session)?.stored ?? new Map()), schema));
    },
  };

  function expiryChange(session: object): Expiry | undefined {
    const wanted = expiryOf(session);
    const record = origins.of(session)?.record;
    if (!wanted || !record) return wanted;
    return wanted.customAgeSeconds === record.customAgeSeconds && wanted.fixedExpiryMs === record.fixedExpiryMs ? undefined : wanted;
  }

  /** Brings a session object up to what is stored. */
  function refresh(session: object, before: Origin, record: SessionRecord): void {
    const local = changesBetween(before.stored, serializeKeys(session, isOwn));
    const fresh = reviveData(record.data, schema);
    const target = session as Record<string, unknown>;
    for (const key of Object.keys(target)) if (!isOwn(key) && !(key in fresh) && !local?.set.has(key)) delete target[key];
    for (const [key, value] of Object.entries(fresh)) if (!local?.set.has(key) && !local?.deleted.has(key)) target[key] = value;
    keep(session, { ...before, record, stored: serializeKeys(reviveData(record.data, schema), isOwn) });
  }
}

export type Vault = ReturnType<typeof createVault>;
