import type { RedisCommands } from './redis-commands.ts';

/** Entry of a session in the indexes. */
export interface IndexEntry {
  readonly handle: string;
  /** Empty for an anonymous session. */
  readonly userId: string;
}

/** Name of the indexes, which is part of their keys. */
export const indexName = (prefix: string): string => `{${prefix}index}`;

/** Entries per script. */
const BATCH = 1000;

/**
 * Sorted sets over all users, so that listing and counting need no scan: all by expiry, all by handle, claimed ones by
 * expiry, and users by the expiry of their last session. The braces put them into one slot.
 *
 * The records are the source of truth. On a single server, their scripts also update the indexes. On a cluster the
 * indexes are on another node, so the engine adds an entry before its record and removes it afterwards. Inconsistencies
 * after a failure are corrected on use: a session in use is added with its next activity, and an entry without a record
 * is removed when it is listed or expires. Operations on a single user do not depend on the indexes.
 */
export function createIndexes(redis: RedisCommands, { prefix, isCluster }: { readonly prefix: string; readonly isCluster: boolean }) {
  const index = indexName(prefix);
  const [byExpiry, byHandle, users, claimed] = [`${index}:expiry`, `${index}:handle`, `${index}:users`, `${index}:claimed`];
  const ofUser = (userId: string): string => `${index}:user:${userId}`;

  return {
    /** Prefix of the indexes for scripts; empty on a cluster, where they cannot reach them. */
    name: isCluster ? '' : index,

    async add({ handle, userId }: IndexEntry, expiresAtMs: number | string): Promise<void> {
      if (isCluster) await redis.indexSession([byExpiry, byHandle, ofUser(userId), users], [handle, userId, expiresAtMs]);
    },

    async remove(userId: string, handles: readonly string[]): Promise<void> {
      if (!isCluster) return;
      for (let start = 0; start < handles.length; start += BATCH)
        await redis.unindexSessions([byExpiry, byHandle, ofUser(userId), users, claimed], [userId, ...handles.slice(start, start + BATCH)]);
    },

    async addClaimed(handle: string, expiresAtMs: number | string): Promise<void> {
      if (isCluster) await redis.indexClaimed(claimed, [handle, expiresAtMs]);
    },

    /** A page in the order of handles. */
    page: async (after: string | undefined, count: number): Promise<IndexEntry[]> =>
      entries(await redis.zRange(byHandle, after === undefined ? '-' : `(${after}!`, '+', { BY: 'LEX', LIMIT: { offset: 0, count } })),

    async count(nowMs: number): Promise<{ sessions: number; users: number }> {
      const [sessions, signedIn] = await Promise.all([
        redis.zCount(byExpiry, `(${nowMs}`, '+inf'),
        redis.zCount(users, `(${nowMs}`, '+inf'),
      ]);
      return { sessions, users: signedIn };
    },

    countExpiring: (nowMs: number, byMs: number): Promise<number> => redis.zCount(byExpiry, `(${nowMs}`, byMs),

    /** Users with an unexpired session. */
    users: (nowMs: number, limit: number): Promise<string[]> =>
      redis.zRange(users, `(${nowMs}`, '+inf', { BY: 'SCORE', LIMIT: { offset: 0, count: limit } }),

    /** Removes expired entries and returns each to one caller. */
    async takeExpired(nowMs: number, count: number): Promise<{ expired: IndexEntry[]; claimed: string[] }> {
      const reply = await redis.takeExpired([byExpiry, claimed, users], [nowMs, count]);
      const [expired, claims] = reply as [string[], string[]];
      return { expired: entries(expired), claimed: claims };
    },

    /** The entries that expire first. */
    first: async (count: number, offset = 0): Promise<IndexEntry[]> => entries(await redis.zRange(byExpiry, offset, offset + count - 1)),
  };
}

/** User ids may contain spaces. */
const entries = (members: readonly string[]): IndexEntry[] =>
  members.map((member) => {
    const space = member.indexOf(' ');
    return { handle: member.slice(0, space), userId: member.slice(space + 1) };
  });

export type Indexes = ReturnType<typeof createIndexes>;
