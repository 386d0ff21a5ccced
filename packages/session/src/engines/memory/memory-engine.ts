import { evictedSessions, type EngineOptions } from '../../engine-options.ts';
import type { Engine, SessionRecord } from '../../engine-port.ts';
import { slide, timestampsOf, isLive } from '../../policy.ts';
import { checkSecret } from '../../secrets.ts';
import { newHandle } from '../../session-id.ts';
import type { UserSource } from '../../user-source.ts';
import { announcing } from './memory-changes.ts';
import { memoryLists } from './memory-lists.ts';
import { memoryPeek } from './memory-peek.ts';
import { purgeMemory } from './memory-purge.ts';
import { askUser, clientOf, isUserActive, secretsOf, roleOf, sessionReader, type KnownUser } from './memory-session.ts';
import { takeLease, type MemoryEntry, type MemoryStorage } from './memory-storage.ts';

export interface MemoryEngineOptions extends EngineOptions {
  readonly users: UserSource;
}

/**
 * Sessions in the memory of this process. The user is looked up first, then each change is synchronous, so nothing
 * happens between its check and its write. Records are copied when they are stored and returned. Users are looked up
 * with every load and not cached.
 */
export function createMemoryEngine(options: MemoryEngineOptions, storage: MemoryStorage): Engine {
  const { lifetimes, users, now = Date.now, limitPerUser = 0, onCorrupt, onEvicted, onExpired } = options;
  const { entries } = storage;

  const isInTime = ({ record }: MemoryEntry): boolean => isLive(record, lifetimes, now());
  /** Depends on time only, so that ending a session needs no user lookup. */
  const isOpen = (entry: MemoryEntry): boolean => !entry.claim && isInTime(entry);
  const isServed = (entry: MemoryEntry, user: KnownUser): boolean => isOpen(entry) && isUserActive(entry.record, user);
  const read = sessionReader({ storage, onCorrupt });
  const lists = memoryLists({ storage, users, isOpen, read });

  const set = (entry: MemoryEntry, change: Partial<SessionRecord>): void =>
    void entries.set(entry.record.handle, { ...entry, record: { ...entry.record, ...structuredClone(change) } });

  /** Runs `work` with an entry and its user, both as of the same moment. */
  async function atomically<Result>(
    handle: string,
    work: (entry: MemoryEntry | undefined, user: KnownUser) => Result,
    userOf = (): string | null => entries.get(handle)?.record.userId ?? null,
  ): Promise<Result> {
    for (;;) {
      const [userId, changes] = [userOf(), storage.userChanges];
      // Retry because something has changed.
      // oxlint-disable-next-line no-await-in-loop
      const user = await askUser(users, userId);
      if (userId === userOf() && changes === storage.userChanges) return work(entries.get(handle), user);
    }
  }

  return announcing(storage, {
    name: 'memory',
    inDatabase: false,

    newHandle: () => Promise.resolve(newHandle()),

    async create(record, { successor } = {}) {
      const surplus = await atomically(
        record.handle,
        (taken, user) => {
          if (taken) throw new Error('A session with this handle already exists.');
          if (!isUserActive(record, user)) return undefined;
          const claim = successor === undefined ? undefined : { successor, claimedAtMs: now() };
          entries.set(record.handle, { record: structuredClone(record), claim });
          const over = claim || limitPerUser === 0 ? [] : lists.surplus(record, limitPerUser);
          for (const { handle } of over) entries.delete(handle);
          return over;
        },
        () => record.userId,
      );
      if (surplus && surplus.length > 0) await onEvicted?.(evictedSessions(record, surplus, now()));
      return surplus !== undefined;
    },

    load: (handle, { secretHash, client }) =>
      atomically(handle, (entry, user) => {
        const nowMs = now();
        const secret = entry ? checkSecret(entry.record, secretHash, nowMs) : 'refused';
        const session = entry && secret !== 'refused' && isUserActive(entry.record, user) ? read(entry, user) : undefined;
        if (!entry || !session || secret === 'refused') return { status: 'absent' };
        if (secret === 'previous' && roleOf(user) !== entry.roleAtRotation) return { status: 'absent' };
        if (!isInTime(entry)) return entry.claim ? { status: 'absent' } : { status: 'expired' };
        if (entry.claim) return { status: 'claimed', ...entry.claim };
        const timestamps = client && slide(entry.record, lifetimes, nowMs);
        const change = {
          ...(timestamps && { ...timestamps, ...clientOf(client) }),
          ...(secret === 'current' && entry.record.presentedAtMs === null && { presentedAtMs: nowMs }),
        };
        if (Object.keys(change).length > 0) set(entry, change);
        return { status: 'live', record: { ...session.record, ...change }, user: session.user, slid: timestamps !== undefined, secret };
      }),

    find: (handle) => atomically(handle, (entry, user) => (entry && isServed(entry, user) ? read(entry, user) : undefined)),

    peek: memoryPeek({ storage, users, lifetimes, isOpen }),

    update: (handle, { expectedVersion, timestamps, client, ...change }) =>
      atomically(handle, (entry, user) => {
        if (!entry || !isOpen(entry)) return { status: 'gone' };
        const { data, secrets, credentialEpoch } = change;
        const epochFits =
          credentialEpoch === undefined || (user !== undefined && 'user' in user && credentialEpoch === user.credentialEpoch);
        if (!isUserActive(entry.record, user) || !epochFits) return { status: 'gone' };
        if (entry.record.version !== expectedVersion) return { status: 'conflict' };
        const roleAtRotation = secrets ? roleOf(user) : entry.roleAtRotation;
        set(
          { ...entry, roleAtRotation },
          {
            ...timestampsOf(timestamps),
            ...clientOf(client),
            ...secretsOf(secrets),
            ...(data !== undefined && { data }),
            ...(credentialEpoch !== undefined && { credentialEpoch }),
            version: expectedVersion + 1,
          },
        );
        return { status: 'updated' };
      }),

    touch: (handle, timestamps, client) =>
      atomically(handle, (entry, user) => {
        if (!entry || !isServed(entry, user)) return false;
        set(entry, { ...timestampsOf(timestamps), ...clientOf(client) });
        return true;
      }),

    claim: (handle, { successor, expectedVersion, expectedSuccessor }) =>
      atomically(handle, (entry, user) => {
        if (!entry || !isInTime(entry)) return { status: 'gone' };
        const { claim, record } = entry;
        if (claim && claim.successor !== expectedSuccessor) return { status: 'taken', ...claim };
        if (!claim && !isUserActive(record, user)) return { status: 'gone' };
        const isExpected = claim !== undefined || expectedSuccessor === undefined;
        if (!isExpected || (expectedVersion !== undefined && expectedVersion !== record.version)) return { status: 'conflict' };
        entries.set(handle, { ...entry, claim: { successor, claimedAtMs: now() } });
        return { status: 'claimed' };
      }),

    async destroy(handle, { ofUser } = {}) {
      const first = entries.get(handle);
      if (ofUser !== undefined && first?.record.userId !== ofUser) return false;
      let ended = false;
      for (let entry = first; entry; entry = entry.claim && entries.get(entry.claim.successor)) {
        if (isOpen(entry)) ended = true;
        entries.delete(entry.record.handle);
      }
      return ended;
    },

    listByUser: lists.listByUser,
    list: lists.list,
    count: lists.count,
    countByUsers: lists.countByUsers,
    signedInUsers: lists.signedInUsers,
    countExpiring: lists.countExpiring,

    async destroyByUser(userId, { exceptHandle, exceptEpoch } = {}) {
      storage.refusesAdoptionOf.add(userId);
      storage.userChanges += 1;
      let ended = 0;
      for (const entry of entries.values()) {
        const { handle } = entry.record;
        if (entry.record.userId !== userId) continue;
        if (handle === exceptHandle) {
          if (exceptEpoch !== undefined) set(entry, { credentialEpoch: exceptEpoch });
          continue;
        }
        if (isOpen(entry)) ended += 1;
        entries.delete(handle);
      }
      return ended;
    },

    async destroyAll() {
      storage.refusesAdoption = true;
      storage.userChanges += 1;
      const ended = [...entries.values()].filter(isOpen).length;
      entries.clear();
      return ended;
    },

    refusesAdoption: async (userId) => storage.refusesAdoption || storage.refusesAdoptionOf.has(userId),

    purgeExpired: (batch) => purgeMemory({ storage, batch, nowMs: now(), onExpired }),

    lease: async (request) => takeLease(storage, request, now()),

    async userChanged(userId) {
      storage.userChanges += 1;
      // A secret from before the change must not have the rights after it.
      for (const entry of entries.values())
        if (entry.record.userId === userId && entry.record.previousSecretHash !== null) set(entry, { previousSecretHash: null });
    },

    // There are no copies.
    beginUserChange: () => Promise.resolve(''),

    async endUserChange() {
      storage.userChanges += 1;
    },

    // The creator of the storage owns the sessions.
    close: () => Promise.resolve(),
  });
}
