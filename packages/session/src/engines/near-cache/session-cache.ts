import { slotOf } from '../redis/keys.ts';
import type { StoredSession } from '../../session-record.ts';

/** A pending read of a session. If a change is reported before the session is stored, it may be outdated and is not stored. */
export interface ReadTicket {
  store(session: StoredSession): void;
  /** Call it when the read is over, also if it failed. */
  end(): void;
}

export interface SessionCacheOptions {
  /** Prefix of every key in Redis. */
  readonly prefix: string;
  /** The least recently used sessions beyond it are dropped. */
  readonly maxSessions: number;
}

/** The cached sessions of one slot, and the pending reads. */
interface CachedSlot {
  readonly handles: Set<string>;
  readonly reads: Set<{ isStale: boolean }>;
}

/**
 * Sessions in the memory of this process, by handle. Redis reports changed keys: that of a session, or that of a user,
 * which all sessions in its slot depend on. Callers must not change a session, and cannot change its data and its user.
 */
export function createSessionCache({ prefix, maxSessions }: SessionCacheOptions) {
  /** In the order of their last use. */
  const sessions = new Map<string, StoredSession>();
  /** By the key of the user. */
  const slots = new Map<string, CachedSlot>();

  const slotKeyOf = (handle: string): string => slotOf(prefix, handle).user;

  function slotAt(key: string): CachedSlot {
    const slot = slots.get(key) ?? { handles: new Set(), reads: new Set() };
    slots.set(key, slot);
    return slot;
  }

  function tidy(key: string, { handles, reads }: CachedSlot): void {
    if (handles.size === 0 && reads.size === 0) slots.delete(key);
  }

  function drop(handle: string): void {
    if (!sessions.delete(handle)) return;
    const key = slotKeyOf(handle);
    const slot = slotAt(key);
    slot.handles.delete(handle);
    tidy(key, slot);
  }

  return {
    get size(): number {
      return sessions.size;
    },

    get(handle: string): StoredSession | undefined {
      const session = sessions.get(handle);
      if (!session) return undefined;
      sessions.delete(handle);
      sessions.set(handle, session);
      return session;
    },

    beginRead(handle: string): ReadTicket {
      const key = slotKeyOf(handle);
      const slot = slotAt(key);
      const read = { isStale: false };
      slot.reads.add(read);
      return {
        store(session) {
          if (read.isStale) return;
          freeze(session.record.data);
          freeze(session.user);
          sessions.delete(handle);
          sessions.set(handle, session);
          slot.handles.add(handle);
          for (const oldest of sessions.keys()) {
            if (sessions.size <= maxSessions) break;
            drop(oldest);
          }
        },
        end() {
          slot.reads.delete(read);
          tidy(key, slot);
        },
      };
    },

    /** A key in Redis has changed. Keys that no session depends on are ignored. */
    invalidate(key: string): void {
      const [, slotKey = '', handle] = /^(.*\{[^}]*\}:)(?:user$|s:(.*)$)/s.exec(key) ?? [];
      const slot = slots.get(`${slotKey}user`);
      if (!slot) return;
      for (const read of slot.reads) read.isStale = true;
      if (handle === undefined) slot.handles.forEach(drop);
      else drop(handle);
    },

    /** Anything may have changed. */
    clear(): void {
      for (const { reads } of slots.values()) for (const read of reads) read.isStale = true;
      sessions.clear();
      for (const [key, slot] of slots) {
        slot.handles.clear();
        tidy(key, slot);
      }
    },
  };
}

export type SessionCache = ReturnType<typeof createSessionCache>;

/** Prevents a request from changing what another one gets. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.values(Object.freeze(value)).forEach(freeze);
}
