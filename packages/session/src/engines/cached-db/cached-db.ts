import { whereText, type Database } from '@gatehouse/prisma';
import type { Engine, Lifetimes, LiveSession } from '../../engine-port.ts';
import { verdict, visited } from '../../policy.ts';
import { createCache, type Cache, type Sighting } from './cache.ts';
import type { RedisCommands } from '../redis/connection.ts';
import type { ReplicatedCommands } from '../redis/replicated.ts';

export interface CachedDbOptions {
  /** The truth. */
  readonly db: Engine;
  readonly database: Database;
  readonly redis: RedisCommands;
  readonly replicated: ReplicatedCommands;
  readonly prefix: string;
  readonly lifetimes: Lifetimes;
  readonly now: () => number;
  /** A row that is deleted behind our back, by hand in the database, is served no longer than this. */
  readonly maxAgeMs: number;
  readonly onConnectionError: ((error: Error) => void) | undefined;
  readonly close: () => Promise<void>;
}

/**
 * Sessions in the database, copies of them in Redis. Reading falls back to the database when Redis is away, and losing
 * all of Redis loses nothing. What ends a session is acknowledged only when its copy is gone as well: with Redis away
 * that is an error, not a success, because another server may still reach the copy.
 */
export function createCachedDbEngine({
  db,
  database,
  redis,
  replicated,
  prefix,
  lifetimes,
  now,
  maxAgeMs,
  onConnectionError,
  close,
}: CachedDbOptions): Engine {
  const cache: Cache = createCache({ redis, replicated, prefix, maxAgeMs });

  /** Without Redis a read is only slower, and a copy that was not made is made by the next one. */
  async function quietly<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      onConnectionError?.(error as Error);
      return undefined;
    }
  }

  const keep = (session: LiveSession, sighting: Sighting | undefined): Promise<unknown> =>
    quietly(async () => sighting && cache.keep(session, sighting, session.record.expiresAtMs - now()));

  /** Every session that `create` ends on the way, by whatever name. */
  async function forgetReplaced(replaced: string, successors: readonly { key: string }[], userId: string | null): Promise<void> {
    await Promise.all([replaced, ...successors.map(({ key }) => key)].map((key) => cache.end(key)));
    if (userId !== null) await cache.endUser(userId);
  }

  const successorsOf = (key: string): Promise<{ key: string }[]> =>
    database.prisma.session.findMany({ where: { replacedKey: whereText(key) }, select: { key: true } });

  return {
    ...db,
    name: 'cached_db',
    // Rows, but with copies elsewhere: the engine is to be told.
    inDatabase: false,

    async create(record, options = {}) {
      const { replaces } = options;
      if (replaces === undefined) return db.create(record, options);
      const successors = await successorsOf(replaces);
      const forget = (): Promise<void> => forgetReplaced(replaces, successors, record.userId);
      // Before anything is done, too: with Redis away a sign-in that fails would have ended the session that was there.
      await forget();
      const created = await db.create(record, options);
      try {
        if (created) await forget();
      } catch (error) {
        // Nobody gets this session's cookie.
        await db.destroy(record.key).catch(() => undefined);
        throw error;
      }
      return created;
    },

    async load(key, visit) {
      const sighting = await quietly(() => cache.look(key));
      const copy = sighting?.session;
      // A copy that is due for a write, or over, is the database's business.
      if (copy && verdict(copy.record, lifetimes, now()) === 'live' && !(visit && visited(copy.record, lifetimes, now())))
        return { status: 'live', ...copy, slid: false };
      const outcome = await db.load(key, visit);
      if (outcome.status === 'live') await keep({ record: outcome.record, user: outcome.user }, sighting);
      else if (copy) await quietly(() => cache.forget(key));
      return outcome;
    },

    async update(key, change) {
      const outcome = await db.update(key, change);
      // A conflict, too: what we saw may have been an old copy. With Redis away the write stands, and a copy that another
      // server still reaches is old for its remaining age; whoever writes over it is told of the conflict.
      await quietly(() => cache.forget(key));
      return outcome;
    },

    async touch(key, clocks, visit) {
      const touched = await db.touch(key, clocks, visit);
      if (touched) await quietly(() => cache.forget(key));
      return touched;
    },

    // The copy goes also when there was no row: it may be what an earlier try has left.
    async destroy(key) {
      const successors = await successorsOf(key);
      // Before their rows: nobody would find them to try again.
      await Promise.all(successors.map((successor) => cache.end(successor.key)));
      const ended = await db.destroy(key);
      await Promise.all([key, ...successors.map((successor) => successor.key)].map((one) => cache.end(one)));
      return ended;
    },

    async destroyByUser(userId, options) {
      const ended = await db.destroyByUser(userId, options);
      await cache.endUser(userId);
      return ended;
    },

    async destroyAll() {
      const ended = await db.destroyAll();
      await cache.endAll();
      return ended;
    },

    bar: (userId, bar) => cache.bar(userId, bar),

    userChanged: (user) => cache.endUser(user.id),

    close,
  };
}
