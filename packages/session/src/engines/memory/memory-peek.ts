import type { Engine, Lifetimes, PeekedSession } from '../../engine-port.ts';
import { expiryMs } from '../../policy.ts';
import type { UserSource } from '../../user-source.ts';
import { listVersionOf } from '../list-version.ts';
import { askUser, isUserActive } from './memory-session.ts';
import type { MemoryEntry, MemoryStorage } from './memory-storage.ts';

export interface MemoryPeekParts {
  readonly storage: MemoryStorage;
  readonly users: UserSource;
  readonly lifetimes: Lifetimes;
  /** Neither claimed nor expired. */
  readonly isOpen: (entry: MemoryEntry) => boolean;
}

/** Each user is looked up once. */
export const memoryPeek =
  ({ storage: { entries }, users, lifetimes, isOpen }: MemoryPeekParts): Engine['peek'] =>
  async (handles) => {
    const owners = new Set(handles.map((handle) => entries.get(handle)?.record.userId ?? null));
    const known = new Map(await Promise.all([...owners].map(async (id) => [id, await askUser(users, id)] as const)));
    const open = [...entries.values()].filter(isOpen);
    const versions = new Map(
      [...owners].map((id) => [id, listVersionOf(open.flatMap(({ record }) => (record.userId === id ? [record.handle] : [])))]),
    );
    const found = new Map<string, PeekedSession>();
    for (const handle of handles) {
      // As of now: it may have ended during the lookup.
      const entry = entries.get(handle);
      if (!entry || !isOpen(entry)) continue;
      const { record } = entry;
      const user = known.get(record.userId);
      if (user instanceof Error || !isUserActive(record, user)) continue;
      found.set(handle, {
        userId: record.userId,
        expiresAtMs: Math.min(record.expiresAtMs, expiryMs(record, lifetimes)),
        user: user ? structuredClone(user.user) : null,
        listVersion: record.userId === null ? '' : (versions.get(record.userId) ?? ''),
      });
    }
    return found;
  };
