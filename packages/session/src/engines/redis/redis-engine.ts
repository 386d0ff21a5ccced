import { randomUUID } from 'node:crypto';
import type { Engine } from '../../engine-port.ts';
import { newHandle } from '../../session-id.ts';
import { createChangeSession } from './change-session.ts';
import { createCaching } from '../near-cache/create-caching.ts';
import { createCreateSession } from './create-session.ts';
import { createEndAll } from './end-all.ts';
import { createEndSession } from './end-session.ts';
import { createEndUser } from './end-user.ts';
import { slotKeys, slotOfTag } from './keys.ts';
import { createLists } from './lists.ts';
import { createLoadSession } from './load-session.ts';
import { createPeek } from './peek.ts';
import { redisChanges } from './redis-changes.ts';
import { inChunks } from './in-chunks.ts';
import { createPurge } from './purge.ts';
import { createRedisContext, type RedisEngineOptions } from './redis-context.ts';
import { recomputeExpiries } from './recompute-expiries.ts';
import { createUserCheck } from './user-check.ts';

/**
 * Sessions in Redis. All sessions of a user and one copy of the user are in one slot, so each operation on a user is
 * one script on one node. Ending a session or revoking a right is acknowledged by replicas, if there are any.
 */
export async function createRedisEngine(options: RedisEngineOptions): Promise<Engine> {
  const { fenced, cache } = createCaching(options);
  const context = createRedisContext({ ...options, ...fenced });
  const { redis, replicated, prefix, now, about, tagOf, indexes } = context;
  const users = createUserCheck(context);
  const ending = createEndSession(context);
  const load = createLoadSession(context, users, ending);
  const { update, touch, claim } = createChangeSession(context, users);
  const { listByUser, list } = createLists(context, load, ending);
  const endAll = createEndAll(context, ending);
  /** Never expires, because the lifetime of an earlier app's sessions is unknown. */
  const everyoneUnadoptable = `${prefix}unadoptable`;

  await recomputeExpiries(context);

  async function changeUser(userId: string, what: 'begin' | 'end' | 'changed', token = ''): Promise<void> {
    const slot = slotOfTag(prefix, await tagOf(userId));
    await replicated.changeUser(slotKeys(slot), [...about(''), userId, what, token]);
  }

  return {
    name: 'redis',
    inDatabase: false,
    redis: { commands: redis, prefix },

    newHandle: async (userId) => (userId === null ? newHandle() : newHandle(await tagOf(userId))),

    create: createCreateSession(context, users, ending),

    load: cache ? cache.around(load) : load,
    ...(cache && { nearCache: cache.stats }),

    async find(handle) {
      const outcome = await load(handle);
      return outcome.status === 'live' ? { record: outcome.record, user: outcome.user } : undefined;
    },

    peek: createPeek(context, load),

    ...(options.subscribe && { subscribe: redisChanges({ redis, prefix, subscribe: options.subscribe }) }),

    update,
    touch,
    claim,

    destroy: ending.destroy,

    listByUser,
    list,

    destroyByUser: createEndUser(context),

    async destroyAll() {
      await replicated.refuseAdoption(everyoneUnadoptable, [now()]);
      return endAll();
    },

    async refusesAdoption(userId) {
      const own = slotOfTag(prefix, await tagOf(userId)).unadoptable(userId);
      const marks = await Promise.all([own, everyoneUnadoptable].map((mark) => redis.exists(mark)));
      return marks.some((mark) => mark > 0);
    },

    count: () => indexes.count(now()),

    async countByUsers(userIds) {
      const counts = await inChunks(
        userIds.filter((userId) => userId.isWellFormed()),
        async (userId) => {
          const { byExpiry } = slotOfTag(prefix, await tagOf(userId));
          return [userId, await redis.zCount(byExpiry, `(${now()}`, '+inf')] as const;
        },
      );
      return new Map(counts.filter(([, sessions]) => sessions > 0));
    },

    signedInUsers: (limit) => indexes.users(now(), limit),

    countExpiring: async (byMs, limit) => Math.min(limit, await indexes.countExpiring(now(), byMs)),

    purgeExpired: createPurge(context, ending),

    lease: async ({ name, owner, forMs }) => (await redis.holdLease(`${prefix}lease:${name}`, [owner, now(), forMs])) === 1,

    userChanged: (userId) => changeUser(userId, 'changed'),

    async beginUserChange(userId) {
      const token = randomUUID();
      await changeUser(userId, 'begin', token);
      return token;
    },

    endUserChange: (userId, token) => changeUser(userId, 'end', token),

    async close() {
      await cache?.close();
      await options.close();
    },
  };
}
