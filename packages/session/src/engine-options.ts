import type { EndedSession, ExpiredBatch } from '@gatehouse/contract';
import type { Database } from '@gatehouse/prisma';
import type { Lifetimes } from './engine-port.ts';
import type { UserSource } from './user-source.ts';

/** Options of all engines. Each engine reads those that it needs. */
export interface EngineOptions {
  readonly lifetimes: Lifetimes;
  /** The server's clock, epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
  /** An open database with Gatehouse's tables. The engines `db` and `cached_db` need it. */
  readonly database?: Database | undefined;
  /**
   * Where users come from, for engines that do not store sessions in the accounts' database. Default: Gatehouse's
   * accounts in `database`.
   */
  readonly users?: UserSource | undefined;
  /** URL of Redis, for the engines that use it: see `readRedisUrl`. */
  readonly redisUrl?: string | undefined;
  /** How long a request may wait for its storage, in milliseconds. Default: 2000. */
  readonly storageTimeoutMs?: number | undefined;
  /**
   * Sessions that this process keeps in memory, so that most loads need no request: see docs/engines.md. Only for
   * `redis`. Default: 0, none.
   */
  readonly nearCacheSessions?: number | undefined;
  /** Prefix of every key in Redis. Default: `gatehouse:`. */
  readonly redisPrefix?: string | undefined;
  /** Called with an error of a Redis connection. The client reconnects; requests fail until then. */
  readonly onConnectionError?: ((error: Error) => void) | undefined;
  /** Called for a stored session that cannot be read. A damaged session counts as signed out and is removed. */
  readonly onCorrupt?: (problem: { engine: string; handle: string | undefined; error: unknown }) => void;
  /** Maximum number of live sessions of a user. A sign-in beyond it ends the least recently used ones. Default: 0, no limit. */
  readonly limitPerUser?: number | undefined;
  /** Called when a purge has removed a batch. The purge waits for the promise before it removes the next batch. */
  readonly onExpired?: ((batch: ExpiredBatch) => Promise<void>) | undefined;
  /** Called with sessions that ended because their user had more than `limitPerUser`. `create` waits for the promise. */
  readonly onEvicted?: ((sessions: readonly EndedSession[]) => Promise<void>) | undefined;
}

/** The sessions that a new session of the same user displaced. */
export const evictedSessions = (
  { userId }: { readonly userId: string | null },
  sessions: readonly { readonly handle: string }[],
  nowMs: number,
): EndedSession[] => (userId === null ? [] : sessions.map(({ handle }) => ({ handle, userId, at: new Date(nowMs) })));
