import { randomUUID } from 'node:crypto';
import type { ClientInfo, Engine, Lifetimes, LiveSession, LoadOutcome } from '../../engine-port.ts';
import { slide, verdict } from '../../policy.ts';
import { checkSecret } from '../../secrets.ts';
import { isStorageUnavailable } from '../../storage-unavailable.ts';
import type { DbEngine } from '../db/db-engine.ts';
import { isPossibleName } from '../possible-name.ts';
import type { RedisCommands } from '../redis/redis-commands.ts';
import type { ReplicatedCommands } from '../redis/replicated.ts';
import { createCache, type CopyHold } from './cache.ts';
import { createCopyMarks } from './copy-marks.ts';
import { createWithMarks } from './create-with-marks.ts';
import { destroyWithMarks } from './destroy-with-marks.ts';
import { isRefusedWrite, MONOTONIC, WRITE_LEASE_MS, type Monotonic } from './write-lease.ts';

export interface CachedDbOptions {
  /** The truth. */
  readonly db: DbEngine;
  readonly redis: RedisCommands;
  readonly replicated: ReplicatedCommands;
  readonly prefix: string;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  /** A row that is deleted behind our back, by hand in the database, is served no longer than this. */
  readonly maxAgeMs: number;
  readonly onConnectionError: ((error: Error) => void) | undefined;
  readonly close: () => Promise<void>;
  /** Default: the process's. */
  readonly monotonic?: Monotonic;
}

/**
 * Sessions in the database, copies of them in Redis. Reading falls back to the database when Redis is away, and losing all of Redis loses
 * nothing. What ends a session or changes its secret is acknowledged only when no copy can be served any more: with Redis away that is an
 * error, not a success, because another server may still reach the copy.
 */
export function createCachedDbEngine(options: CachedDbOptions): Engine {
  const { db, redis, replicated, prefix, lifetimes, now, maxAgeMs, onConnectionError, close, monotonic = MONOTONIC } = options;
  const cache = createCache({ redis, replicated, prefix, maxAgeMs, monotonic });
  const marks = createCopyMarks(cache, bestEffort);

  /** Without Redis a read is only slower, and a copy that was not made is made by the next one. */
  async function bestEffort<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      onConnectionError?.(error as Error);
      return undefined;
    }
  }

  /** With Redis out of reach the write stands, and a copy that another server still reaches is old for its remaining age. */
  const forget = (handle: string): Promise<void> =>
    cache.forget(handle).catch(async (error: Error) => {
      onConnectionError?.(error);
      if (isRefusedWrite(error)) await monotonic.wait(WRITE_LEASE_MS);
    });

  /** A copy as `load` answers it; undefined: the database decides. */
  function answerOf(session: LiveSession, secretHash: string) {
    const isCurrent = checkSecret(session.record, secretHash, now()) === 'current';
    if (!isCurrent || verdict(session.record, lifetimes, now()) !== 'live') return undefined;
    return { status: 'live', ...session, slid: false, secret: 'current' } as const;
  }

  /** There is nothing to write of this request. */
  const isNoted = ({ record }: LiveSession, client: ClientInfo | undefined): boolean =>
    record.presentedAtMs !== null && !(client && slide(record, lifetimes, now()));

  return {
    ...db,
    name: 'cached_db',
    // Rows, but with copies elsewhere: the engine is to be told.
    inDatabase: false,

    create: createWithMarks({ db, cache, marks }),

    async load(handle, request) {
      if (!isPossibleName(handle)) return { status: 'absent' };
      const seen = await bestEffort(() => cache.read(handle));
      const answer = seen?.session && answerOf(seen.session, request.secretHash);
      if (answer && isNoted(answer, request.client)) return answer;
      const outcome: LoadOutcome = await db.load(handle, request).catch((error: unknown) => {
        // What is due is written another time.
        if (answer && isStorageUnavailable(error)) return answer;
        throw error;
      });
      if (outcome === answer) return outcome;
      if (outcome.status === 'live') {
        const { record, user } = outcome;
        await bestEffort(async () => seen?.ticket && cache.keep({ record, user }, seen.ticket, record.expiresAtMs - now()));
      } else if (seen?.session) await bestEffort(() => cache.forget(handle));
      return outcome;
    },

    async update(handle, update) {
      if (!isPossibleName(handle)) return { status: 'gone' };
      if (update.secrets) return marks.during(handle, () => db.update(handle, update));
      const outcome = await db.update(handle, update);
      // A conflict, too: what was read may have been an old copy.
      await forget(handle);
      return outcome;
    },

    async touch(handle, timestamps, client) {
      const touched = await db.touch(handle, timestamps, client);
      if (touched) await forget(handle);
      return touched;
    },

    claim: async (handle, request) => (isPossibleName(handle) ? marks.during(handle, () => db.claim(handle, request)) : { status: 'gone' }),

    destroy: destroyWithMarks({ db, cache, marks, isLive: ({ record }) => verdict(record, lifetimes, now()) === 'live' }),

    destroyByUser: (userId, destroyOptions) => whileHeld(cache.ofUser(userId), () => db.destroyByUser(userId, destroyOptions)),

    destroyAll: () => whileHeld(cache.ofAll, () => db.destroyAll()),

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

/** A failure leaves the hold, which is over after a minute: meanwhile the database is asked. */
async function whileHeld<Result>({ hold, release }: CopyHold, work: () => Promise<Result>): Promise<Result> {
  const token = randomUUID();
  await hold(token);
  const result = await work();
  await release(token);
  return result;
}
