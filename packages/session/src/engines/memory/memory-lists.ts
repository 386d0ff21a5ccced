import type { Engine, StoredSession, PageRequest, SessionRecord } from '../../engine-port.ts';
import { LIST_BEGIN, listCursor, requireListPosition, type ListPosition } from '../../list-cursor.ts';
import type { UserSource } from '../../user-source.ts';
import { askUser, isUserActive, type SessionReader } from './memory-session.ts';
import type { MemoryEntry, MemoryStorage } from './memory-storage.ts';

export interface MemoryListsParts {
  readonly storage: MemoryStorage;
  readonly users: UserSource;
  /** Neither claimed nor expired. */
  readonly isOpen: (entry: MemoryEntry) => boolean;
  readonly read: SessionReader;
}

type Lists = Pick<Engine, 'listByUser' | 'list' | 'count' | 'countByUsers' | 'signedInUsers' | 'countExpiring'>;

/** Lists scan all sessions; there is no index. */
export function memoryLists({ storage, users, isOpen, read }: MemoryListsParts) {
  const open = (): MemoryEntry[] => [...storage.entries.values()].filter(isOpen);
  const openOf = (userId: string): MemoryEntry[] => open().filter(({ record }) => record.userId === userId);

  /** The entries that may be served, with their users. Each user is looked up once. */
  async function served(entries: readonly MemoryEntry[]): Promise<StoredSession[]> {
    const ids = [...new Set(entries.map(({ record }) => record.userId))];
    const found = new Map(await Promise.all(ids.map(async (id) => [id, await askUser(users, id)] as const)));
    return entries.flatMap((entry) => {
      const user = found.get(entry.record.userId);
      return (isUserActive(entry.record, user) && read(entry, user)) || [];
    });
  }

  const lists: Lists = {
    async listByUser(userId, { limit, after }: PageRequest = { limit: 100 }) {
      const begin = after === undefined ? LIST_BEGIN : requireListPosition(after);
      const sessions = await served(
        openOf(userId)
          .filter(({ record }) => byActivity(begin, record) < 0)
          .sort((one, other) => byActivity(one.record, other.record)),
      );
      const last = sessions[limit - 1];
      return { sessions: sessions.slice(0, limit), next: last && sessions.length > limit ? listCursor(last.record) : undefined };
    },

    async list({ limit, after = '' }) {
      const sessions = await served(
        open()
          .filter(({ record }) => record.handle > after)
          .sort((one, other) => (one.record.handle < other.record.handle ? -1 : 1)),
      );
      return { sessions: sessions.slice(0, limit), next: sessions.length > limit ? sessions[limit - 1]?.record.handle : undefined };
    },

    async count() {
      const sessions = await served(open());
      return { sessions: sessions.length, users: new Set(sessions.flatMap(({ user }) => user?.id ?? [])).size };
    },

    async countByUsers(userIds) {
      const wanted = new Set(userIds);
      const counts = new Map<string, number>();
      for (const { user } of await served(open().filter(({ record }) => record.userId !== null && wanted.has(record.userId))))
        if (user) counts.set(user.id, (counts.get(user.id) ?? 0) + 1);
      return counts;
    },

    signedInUsers: async (limit) => [...new Set((await served(open())).flatMap(({ user }) => user?.id ?? []))].slice(0, limit),

    countExpiring: async (byMs, limit) => Math.min(limit, (await served(open().filter(({ record }) => record.expiresAtMs <= byMs))).length),
  };

  return {
    ...lists,
    /** The sessions that exceed the limit once this one is added, least recently used first. */
    surplus({ handle, userId, credentialEpoch }: SessionRecord, limit: number): SessionRecord[] {
      if (userId === null) return [];
      const others = openOf(userId)
        .map(({ record }) => record)
        // A session with an older epoch has already ended.
        .filter((record) => record.handle !== handle && record.credentialEpoch >= credentialEpoch)
        .sort((one, other) => byActivity(other, one));
      return others.slice(0, Math.max(0, others.length + 1 - limit));
    },
  };
}

/** Newest activity first, then by handle, in the same order as in the databases. */
const byActivity = (one: ListPosition, other: ListPosition): number =>
  other.lastActivityAtMs - one.lastActivityAtMs || (one.handle < other.handle ? 1 : one.handle > other.handle ? -1 : 0);
