import { randomUUID } from 'node:crypto';
import type { ClientInfo, Engine, Lifetimes, StoredSession, LoadOutcome } from '../../engine-port.ts';
import { slide, isLive } from '../../policy.ts';
import { checkSecret } from '../../secrets.ts';
import { isStorageUnavailable } from '../../storage-unavailable.ts';
import type { DbEngine } from '../db/db-engine.ts';
import { isStorableId } from '../storable-id.ts';
import type { RedisCommands } from '../redis/redis-commands.ts';
import type { ReplicatedCommands } from '../redis/replicated.ts';
import { createCache, type CopyHold } from './cache.ts';
import { createCopyMarks } from './copy-marks.ts';
import { createWithMarks } from './create-with-marks.ts';
import { destroyWithMarks } from './destroy-with-marks.ts';
import { isRefusedWrite, MONOTONIC, WRITE_LEASE_MS, type Monotonic } from './write-lease.ts';

export interface CachedDbOptions {
  /** The source of truth. */
  readonly db: DbEngine;
  readonly redis: RedisCommands;
  readonly replicated: ReplicatedCommands;
  readonly prefix: string;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  /** Maximum age of a copy in milliseconds. A row that is deleted by hand is served at most this long. */
  readonly maxAgeMs: number;
  readonly onConnectionError: ((error: Error) => void) | undefined;
  readonly close: () => Promise<void>;
  /** Default: the process's clock. */
  readonly monotonic?: Monotonic;
}

/**
 * Sessions in the database, with copies in Redis. If Redis is unavailable, sessions are read from the database; losing
 * all of Redis loses nothing. Ending a session or changing its secret is acknowledged only when no copy can be served
 * any more. If Redis is unavailable that is an error, because another server may still reach the copy.
 */
export function createCachedDbEngine(options: CachedDbOptions): Engine {
  const { db, redis, replicated, prefix, lifetimes, now, maxAgeMs, onConnectionError, close, monotonic = MONOTONIC } = options;
  const cache = createCache({ redis, replicated, prefix, maxAgeMs, monotonic });
  const marks = createCopyMarks(cache, bestEffort);

  /** Without Redis reads are only slower, and the next read stores the missing copy. */
  async function bestEffort<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      onConnectionError?.(error as Error);
      return undefined;
    }
  }

  /** If this server cannot reach Redis, the write is still valid, and other servers may serve the old copy until its age is over. */
  const invalidate = (handle: string): Promise<void> =>
    cache.invalidate(handle).catch(async (error: Error) => {
      onConnectionError?.(error);
      if (isRefusedWrite(error)) await monotonic.wait(WRITE_LEASE_MS);
    });

  /** The load outcome of a copy; undefined if the database must decide. */
  function outcomeOfCopy(session: StoredSession, secretHash: string) {
    const isCurrent = checkSecret(session.record, secretHash, now()) === 'current';
    if (!isCurrent || !isLive(session.record, lifetimes, now())) return undefined;
    return { status: 'live', ...session, slid: false, secret: 'current' } as const;
  }

  /** Whether this request requires no write. */
  const hasNothingToWrite = ({ record }: StoredSession, client: ClientInfo | undefined): boolean =>
    record.presentedAtMs !== null && !(client && slide(record, lifetimes, now()));

  return {
    ...db,
    name: 'cached_db',
    // The sessions are rows, but with copies outside of the database, so account changes must be announced.
    inDatabase: false,

    create: createWithMarks({ db, cache, marks }),

    async load(handle, request) {
      if (!isStorableId(handle)) return { status: 'absent' };
      const seen = await bestEffort(() => cache.get(handle));
      const cached = seen?.session && outcomeOfCopy(seen.session, request.secretHash);
      if (cached && hasNothingToWrite(cached, request.client)) return cached;
      const outcome: LoadOutcome = await db.load(handle, request).catch((error: unknown) => {
        // Due activity is written by a later request.
        if (cached && isStorageUnavailable(error)) return cached;
        throw error;
      });
      if (outcome === cached) return outcome;
      if (outcome.status === 'live') {
        const { record, user } = outcome;
        await bestEffort(async () => seen?.ticket && cache.setIfUnchanged({ record, user }, seen.ticket, record.expiresAtMs - now()));
      } else if (seen?.session) await bestEffort(() => cache.invalidate(handle));
      return outcome;
    },

    async update(handle, update) {
      if (!isStorableId(handle)) return { status: 'gone' };
      if (update.secrets) return marks.during(handle, () => db.update(handle, update));
      const outcome = await db.update(handle, update);
      // Also after a conflict, because the caller may have read an old copy.
      await invalidate(handle);
      return outcome;
    },

    async touch(handle, timestamps, client) {
      const touched = await db.touch(handle, timestamps, client);
      if (touched) await invalidate(handle);
      return touched;
    },

    claim: async (handle, request) => (isStorableId(handle) ? marks.during(handle, () => db.claim(handle, request)) : { status: 'gone' }),

    destroy: destroyWithMarks({ db, cache, marks, isLive: ({ record }) => isLive(record, lifetimes, now()) }),

    destroyByUser: (userId, destroyOptions) => withoutCopies(cache.ofUser(userId), () => db.destroyByUser(userId, destroyOptions)),

    destroyAll: () => withoutCopies(cache.ofAll, () => db.destroyAll()),

    userChanged: (userId) => cache.ofUser(userId).release(''),

    async beginUserChange(userId) {
      const token = randomUUID();
      await cache.ofUser(userId).hold(token);
      return token;
    },

    endUserChange: (userId, token) => cache.ofUser(userId).release(token),

    close,
  };
}

/** Runs `work` while no copies are stored. A failure leaves the hold for a minute; the database is read meanwhile. */
async function withoutCopies<Result>({ hold, release }: CopyHold, work: () => Promise<Result>): Promise<Result> {
  const token = randomUUID();
  await hold(token);
  const result = await work();
  await release(token);
  return result;
}
