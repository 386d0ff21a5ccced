import { listCursor, requireListPosition } from '../../list-cursor.ts';
import type { Clocks } from '../../policy.ts';
import type { RedisCommands } from './redis-commands.ts';

/** What the indexes know of a session. */
export interface IndexEntry {
  readonly key: string;
  readonly handle: string;
  /** Empty: nobody is signed in. */
  readonly userId: string;
}

/** When a session ends, and when it was last used. */
export type IndexedClocks = Pick<Clocks, 'expiresAtMs' | 'lastActivityAtMs'>;

/**
 * Sorted sets beside the records, so that listing and counting never scan: all by expiry, all by handle, users by the
 * expiry of their last session, and each user's sessions by expiry and by last activity. The braces put them into one hash slot.
 *
 * The record is the truth. On one server its scripts keep the indexes with it; on a cluster an entry is made before its
 * record and removed after it, so that no live session is missing from them, and one whose record is gone counts until
 * its own time is over or it is come across.
 */
export function createIndexes(redis: RedisCommands, prefix: string) {
  const index = `{${prefix}index}`;
  const [byExpiry, byHandle, users] = [`${index}:expiry`, `${index}:handle`, `${index}:users`];

  return {
    /** What the scripts are told. */
    name: index,

    /** On the node of the indexes: what scripts on them are run with. */
    node: byExpiry,

    async add({ key, handle, userId }: IndexEntry, { expiresAtMs, lastActivityAtMs }: IndexedClocks): Promise<void> {
      await redis.indexSession(byExpiry, [key, index, handle, userId, expiresAtMs, lastActivityAtMs]);
    },

    async remove({ key, handle, userId }: IndexEntry): Promise<void> {
      await redis.unindexSession(byExpiry, [key, index, handle, userId]);
    },

    /** Live ones by their last activity, the newest first, behind a cursor. */
    async pageOfUser(
      userId: string,
      { limit, after, nowMs }: { limit: number; after: string | undefined; nowMs: number },
    ): Promise<UserPage> {
      const position = after === undefined ? undefined : requireListPosition(after);
      const reply = await redis.pageOfUser(byExpiry, [
        index,
        userId,
        limit,
        nowMs,
        position?.lastActivityAtMs ?? '',
        position?.handle ?? '',
      ]);
      const [isMore, last = '', lastActivity = '', ...page] = reply as string[];
      return {
        keys: listed(page.filter((_, at) => at % 2 === 0)).map(({ key }) => key),
        next: isMore === '1' ? listCursor({ lastActivityAtMs: Number(lastActivity), handle: last.split(' ')[0] ?? '' }) : undefined,
      };
    },

    keysOfUser: (userId: string): Promise<string[]> => redis.zRange(`${index}:user:${userId}`, 0, -1),

    async keyOfHandle(handle: string): Promise<string | undefined> {
      const [member] = await redis.zRange(byHandle, `[${handle} `, `(${handle}!`, { BY: 'LEX', LIMIT: { offset: 0, count: 1 } });
      return member?.slice(handle.length + 1);
    },

    /** Handles with their keys, in the order of handles. */
    async page(after: string | undefined, count: number): Promise<{ handle: string; key: string }[]> {
      const from = after === undefined ? '-' : `(${after}!`;
      return listed(await redis.zRange(byHandle, from, '+', { BY: 'LEX', LIMIT: { offset: 0, count } }));
    },

    async count(nowMs: number): Promise<{ sessions: number; users: number }> {
      const [sessions, signedIn] = await Promise.all([
        redis.zCount(byExpiry, `(${nowMs}`, '+inf'),
        redis.zCount(users, `(${nowMs}`, '+inf'),
      ]);
      return { sessions, users: signedIn };
    },

    /** Takes out those whose time is over; each goes to one caller. */
    claimExpired: async (nowMs: number, count: number): Promise<IndexEntry[]> =>
      entries((await redis.claimExpired(byExpiry, [index, nowMs, count])) as string[]),

    /** Those that end first. */
    first: async (count: number, offset = 0): Promise<IndexEntry[]> => entries(await redis.zRange(byExpiry, offset, offset + count - 1)),
  };
}

export interface UserPage {
  readonly keys: string[];
  readonly next: string | undefined;
}

/** Of members of a user's sessions by activity. */
export const listed = (members: readonly string[]): { handle: string; key: string }[] =>
  members.map((member) => {
    const [handle = '', key = ''] = member.split(' ');
    return { handle, key };
  });

/** Of a member of all by expiry. */
export const entries = (members: readonly string[]): IndexEntry[] =>
  members.map((member) => {
    const [key = '', handle = '', userId = ''] = member.split(' ');
    return { key, handle, userId };
  });

export type Indexes = ReturnType<typeof createIndexes>;
