import type { RedisCommands } from './redis-commands.ts';

/** What the indexes know of a session. */
export interface IndexEntry {
  readonly handle: string;
  /** Empty: nobody is signed in. */
  readonly userId: string;
}

/** Entries that one script takes out. */
const BATCH = 1000;

/**
 * Sorted sets over all users, so that listing and counting never scan: all by expiry, all by handle, claimed ones by expiry, and users by
 * the expiry of their last session. The braces put them into one slot.
 *
 * The records are the truth. On one server their scripts keep the indexes with them. On a cluster, where they lie on another node, the
 * engine adds an entry before its record and removes it after; what a failure leaves is set right when it is met: a session in use comes
 * back with its next activity, an entry without a record goes when it is listed or its time is over. Nothing of one user depends on them.
 */
export function createIndexes(redis: RedisCommands, { prefix, isCluster }: { readonly prefix: string; readonly isCluster: boolean }) {
  const index = `{${prefix}index}`;
  const [byExpiry, byHandle, users, claimed] = [`${index}:expiry`, `${index}:handle`, `${index}:users`, `${index}:claimed`];
  const ofUser = (userId: string): string => `${index}:user:${userId}`;

  return {
    /** What the scripts of one slot are told. */
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

    /** In their order. */
    page: async (after: string | undefined, count: number): Promise<IndexEntry[]> =>
      entries(await redis.zRange(byHandle, after === undefined ? '-' : `(${after}!`, '+', { BY: 'LEX', LIMIT: { offset: 0, count } })),

    async count(nowMs: number): Promise<{ sessions: number; users: number }> {
      const [sessions, signedIn] = await Promise.all([
        redis.zCount(byExpiry, `(${nowMs}`, '+inf'),
        redis.zCount(users, `(${nowMs}`, '+inf'),
      ]);
      return { sessions, users: signedIn };
    },

    /** Takes out those whose time is over; each goes to one caller. */
    async takeExpired(nowMs: number, count: number): Promise<{ expired: IndexEntry[]; claimed: string[] }> {
      const reply = await redis.takeExpired([byExpiry, claimed, users], [nowMs, count]);
      const [expired, claims] = reply as [string[], string[]];
      return { expired: entries(expired), claimed: claims };
    },

    /** Those that end first. */
    first: async (count: number, offset = 0): Promise<IndexEntry[]> => entries(await redis.zRange(byExpiry, offset, offset + count - 1)),
  };
}

/** A user id may have spaces. */
const entries = (members: readonly string[]): IndexEntry[] =>
  members.map((member) => {
    const space = member.indexOf(' ');
    return { handle: member.slice(0, space), userId: member.slice(space + 1) };
  });

export type Indexes = ReturnType<typeof createIndexes>;
