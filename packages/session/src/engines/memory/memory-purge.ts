import type { EndedSession } from '@gatehouse/contract';
import type { EngineOptions } from '../../engine-options.ts';
import type { MemoryEntry, MemoryStorage } from './memory-storage.ts';

interface Purge {
  readonly storage: MemoryStorage;
  readonly batch: number;
  readonly nowMs: number;
  readonly onExpired: EngineOptions['onExpired'];
}

/** Removes entries whose stored expiry has passed, oldest first. */
export async function purgeMemory({ storage: { entries }, batch, nowMs, onExpired }: Purge): Promise<number> {
  const over = [...entries.values()]
    .filter(({ record }) => record.expiresAtMs <= nowMs)
    .sort((one, other) => one.record.expiresAtMs - other.record.expiresAtMs)
    .slice(0, batch);
  for (const { record } of over) entries.delete(record.handle);
  if (over.length > 0) await onExpired?.({ sessions: over.flatMap(expired), removed: over.length });
  return over.length;
}

/** Reports a session that had a user and no successor. */
const expired = ({ record: { handle, userId, expiresAtMs }, claim }: MemoryEntry): EndedSession[] =>
  userId === null || claim ? [] : [{ handle, userId, at: new Date(expiresAtMs) }];
