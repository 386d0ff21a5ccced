import type { Engine, LiveSession, PageRequest, SessionRecord } from '../../engine-port.ts';
import { LIST_BEGIN, listCursor, requireListPosition, type ListPosition } from '../../list-cursor.ts';
import type { UserSource } from '../../user-source.ts';
import { askUser, isUserBehind, type SessionReader } from './memory-session.ts';
import type { MemoryEntry, MemoryStorage } from './memory-storage.ts';

export interface MemoryListsParts {
  readonly storage: MemoryStorage;
  readonly users: UserSource;
  /** Neither claimed nor over. */
  readonly isOpen: (entry: MemoryEntry) => boolean;
  readonly read: SessionReader;
}

type Lists = Pick<Engine, 'listByUser' | 'list' | 'count'>;

/** Lists go through all sessions: there is no index to keep. */
export function memoryLists({ storage, users, isOpen, read }: MemoryListsParts) {
  const open = (): MemoryEntry[] => [...storage.entries.values()].filter(isOpen);
  const openOf = (userId: string): MemoryEntry[] => open().filter(({ record }) => record.userId === userId);

  /** Those whose users may have them, with their users: each is asked for once. */
  async function served(entries: readonly MemoryEntry[]): Promise<LiveSession[]> {
    const ids = [...new Set(entries.map(({ record }) => record.userId))];
    const found = new Map(await Promise.all(ids.map(async (id) => [id, await askUser(users, id)] as const)));
    return entries.flatMap((entry) => {
      const user = found.get(entry.record.userId);
      return (isUserBehind(entry.record, user) && read(entry, user)) || [];
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
  };

  return {
    ...lists,
    /** The sessions that one more of its user is too many for, the longest unused first. */
    surplus({ handle, userId, credentialEpoch }: SessionRecord, limit: number): SessionRecord[] {
      if (userId === null) return [];
      const others = openOf(userId)
        .map(({ record }) => record)
        // One of an older epoch is ended already, whatever its time.
        .filter((record) => record.handle !== handle && record.credentialEpoch >= credentialEpoch)
        .sort((one, other) => byActivity(other, one));
      return others.slice(0, Math.max(0, others.length + 1 - limit));
    },
  };
}

/** The newest activity first; where that is equal, by handle, as the databases' lists do. */
const byActivity = (one: ListPosition, other: ListPosition): number =>
  other.lastActivityAtMs - one.lastActivityAtMs || (one.handle < other.handle ? 1 : one.handle > other.handle ? -1 : 0);
