import type { Engine, Lifetimes, LoadOutcome, LoadRequest, StoredSession } from '../../engine-port.ts';
import { isLive, slide } from '../../policy.ts';
import { checkSecret } from '../../secrets.ts';
import type { LoadSession } from '../redis/load-session.ts';
import { createCacheLease } from './cache-lease.ts';
import { cacheKeys } from './near-cache-scripts.ts';
import type { NearCacheOptions } from './near-cache-options.ts';
import { createSessionCache } from './session-cache.ts';

export interface NearCacheParts extends NearCacheOptions {
  /** Prefix of every key. */
  readonly prefix: string;
  /** Name of the indexes. */
  readonly index: string;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  /** See `UserSource`. If it is set, sessions of users are not cached. */
  readonly maxAgeMs: number | undefined;
  /** Records in Redis that this process no longer has a cache. */
  readonly leave: (keys: readonly string[], args: readonly string[]) => Promise<unknown>;
}

/**
 * Live sessions in the memory of this process. While the lease is valid (`createCacheLease`), a load that would only read
 * needs no request. Everything else goes to Redis: other outcomes, due activity, the first time that a secret is
 * presented, a previous secret.
 */
export function createNearCache(parts: NearCacheParts) {
  const { connection, prefix, index, maxSessions, leaseMs, clocks, lifetimes, now, maxAgeMs = Infinity, leave } = parts;
  const keys = cacheKeys(index);
  const cache = createSessionCache({ prefix, maxSessions });
  let connectionNumber: unknown;
  const counts = { hits: 0, misses: 0 };

  const lease = createCacheLease({
    leaseMs,
    ...(clocks && { clocks }),
    async renew(member) {
      const current = await connection.renew(keys, member);
      // The library reports a lost connection as well. This does not depend on when it does.
      if (current !== connectionNumber) cache.clear();
      connectionNumber = current;
    },
    leave: (member) => leave(keys, [member]),
  });

  connection.onChange((key) => {
    if (key === undefined) {
      lease.drop();
      cache.clear();
    } else if (key === keys[1]) void lease.onFence();
    else cache.invalidate(key);
  });

  function cached(handle: string, request: LoadRequest): StoredSession | undefined {
    const session = cache.get(handle);
    if (!session) return undefined;
    const { record } = session;
    const nowMs = now();
    if (record.presentedAtMs === null || checkSecret(record, request.secretHash, nowMs) !== 'current') return undefined;
    if (!isLive(record, lifetimes, nowMs) || (request.client && slide(record, lifetimes, nowMs))) return undefined;
    lease.use();
    return lease.isValid() ? session : undefined;
  }

  return {
    member: lease.member,
    forget: (changed: readonly string[]): void => changed.forEach((key) => cache.invalidate(key)),

    around:
      (load: LoadSession): Engine['load'] =>
      async (handle, request): Promise<LoadOutcome> => {
        const session = cached(handle, request);
        if (session) {
          counts.hits += 1;
          return { status: 'live', record: session.record, user: session.user, slid: false, secret: 'current' };
        }
        counts.misses += 1;
        const read = cache.beginRead(handle);
        try {
          return await load(handle, request, (stored) => {
            if (stored.user === null || maxAgeMs === Infinity) read.store(stored);
          });
        } finally {
          read.end();
        }
      },

    /** For the metrics. */
    stats: () => ({ ...counts, sessions: cache.size }),

    close: () => lease.close(),
  };
}

export type NearCache = ReturnType<typeof createNearCache>;
