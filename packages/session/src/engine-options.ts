import type { Database } from '@gatehouse/prisma';
import type { Lifetimes } from './engine-port.ts';
import type { UserSource } from './user-source.ts';

/** What an engine may need; each takes what it uses. */
export interface EngineOptions {
  readonly lifetimes: Lifetimes;
  /** The server's clock, epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** An open database with Gatehouse's tables. The engines `db` and `cached_db` need it. */
  readonly database?: Database | undefined;
  /** Where users come from, for engines that do not store sessions beside the accounts. Default: Gatehouse's accounts in `database`. */
  readonly users?: UserSource | undefined;
  /** For the engines that use Redis: see `readRedisUrl` for its forms. */
  readonly redisUrl?: string | undefined;
  /** What a request may wait for its storage, milliseconds: a Redis that hangs is given up within it. Default 2000. */
  readonly storageTimeoutMs?: number | undefined;
  /** Before every key in Redis. Default `gatehouse:`. */
  readonly redisPrefix?: string | undefined;
  /** An error of a connection, which is then made again; requests meanwhile fail. Default: nothing. */
  readonly onConnectionError?: ((error: Error) => void) | undefined;
  /** A stored session that cannot be read. It counts as signed out and is removed. Default: nothing. */
  readonly onCorrupt?: (problem: { engine: string; handle: string | undefined; error: unknown }) => void;
  /** Live sessions that a user may have: signing in ends those that were not used for the longest. Default 0: any number. */
  readonly limitPerUser?: number | undefined;
  /** A purge has removed a batch. It removes the next when the promise resolves. Default: nothing. */
  readonly onExpired?: ((batch: ExpiredBatch) => Promise<void>) | undefined;
  /** Sessions that were ended because their user had more than `limitPerUser`; `create` resolves after it. Default: nothing. */
  readonly onEvicted?: ((sessions: readonly EndedSession[]) => Promise<void>) | undefined;
}

/** A session that nobody has ended: its time was over, or its user had too many. */
export interface EndedSession {
  readonly handle: string;
  readonly userId: string;
  /** When its time was over, or when it was removed where the storage knows no more. */
  readonly at: Date;
}

export interface ExpiredBatch {
  /** Those of users. Two purges at once may both tell of one. */
  readonly sessions: readonly EndedSession[];
  /** How many sessions this purge has removed, those of nobody as well: each is counted once, whoever else purges. */
  readonly removed: number;
}

/** Sessions that went because of a new one of the same user. */
export const evictedSessions = (
  { userId }: { readonly userId: string | null },
  sessions: readonly { readonly handle: string }[],
  nowMs: number,
): EndedSession[] => (userId === null ? [] : sessions.map(({ handle }) => ({ handle, userId, at: new Date(nowMs) })));
