import type { Database } from '@gatehouse/prisma';
import { sqltag as sql } from '@prisma/client/runtime/client';
import type { Engine, Lifetimes, LiveSession } from '../../engine-port.ts';
import { verdict, visited } from '../../policy.ts';
import type { DbEngine } from '../db.ts';
import { dbRemoval } from '../db-removal.ts';
import type { SessionKey } from '../db-rows.ts';
import { isLive } from '../db-sql.ts';
import { createCache, type Cache, type Sighting } from './cache.ts';
import type { RedisCommands } from '../redis/redis-commands.ts';
import type { ReplicatedCommands } from '../redis/replicated.ts';

export interface CachedDbOptions {
  /** The truth. */
  readonly db: DbEngine;
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
  const rows = dbRemoval(database, () => isLive(lifetimes, now()));

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

  /** What has taken the place of a session. */
  async function successorOf(key: string): Promise<string | undefined> {
    const [row] = await database.prisma.$queryRaw<SessionKey[]>(sql`SELECT session_key FROM gatehouse_session WHERE replaced_key = ${key}`);
    return row?.session_key;
  }

  /** One row with its copy, by its own name alone: a row that goes by another's leaves a copy that nobody knows of. */
  async function endOne(key: string): Promise<boolean> {
    const ended = await rows.end(sql`session_key = ${key}`);
    // Also when there was no row: it may be what an earlier try has left.
    await cache.end(key);
    return ended > 0;
  }

  return {
    ...db,
    name: 'cached_db',
    // Rows, but with copies elsewhere: the engine is to be told.
    inDatabase: false,

    async create(record, options = {}) {
      const { replaces } = options;
      const successor = replaces === undefined ? undefined : await successorOf(replaces);
      const surplus = options.onlyIfLive ? [] : await db.surplusKeys(record);
      // Every session that goes on the way, by whatever name.
      const ended = new Set([replaces, successor, ...surplus].filter((key) => key !== undefined));
      const forget = async (): Promise<void> => {
        await Promise.all([...ended].map((key) => cache.end(key)));
        if (replaces !== undefined && record.userId !== null) await cache.endUser(record.userId);
      };
      // Before anything is done, too: with Redis away a sign-in that fails would have ended the session that was there.
      await forget();
      const created = await db.create(record, { ...options, onEnded: (key) => ended.add(key) });
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
      const copy = sighting?.copy.status === 'ours' ? sighting.copy.session : undefined;
      // A copy that is due for a write, or over, is the database's business.
      if (copy && verdict(copy.record, lifetimes, now()) === 'live' && !(visit && visited(copy.record, lifetimes, now())))
        return { status: 'live', ...copy, slid: false };
      const outcome = await db.load(key, visit);
      if (outcome.status === 'live') await keep({ record: outcome.record, user: outcome.user }, sighting);
      else if (sighting && sighting.copy.status !== 'none') await quietly(() => cache.forget(key));
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

    async destroy(key) {
      // First: whose id is changed from now on finds it gone. What has taken its place before is ended until there is nothing more, for
      // another may take the place of that.
      let ended = await endOne(key);
      for (let successor = await successorOf(key); successor !== undefined; successor = await successorOf(key)) {
        // Before its row: nobody would find it to try again.
        await cache.end(successor);
        if (await endOne(successor)) ended = true;
      }
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

    refusesAdoption: db.refusesAdoption,

    bar: (userId, bar) => cache.bar(userId, bar),

    userChanged: (user) => cache.endUser(user.id),

    close,
  };
}
