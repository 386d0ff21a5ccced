import { createHash } from 'node:crypto';
import type { RedisCommands } from '../engines/redis/redis-commands.ts';

/** Minimum time for which an old session's successor is recorded: longer than any request. */
const MIN_MEMORY_MS = 3_600_000;

/** The old app's Redis with the sessions of connect-redis, and the recorded successor of each adopted one. */
export function createOldStorage(redis: RedisCommands, prefix: string) {
  const raw = (oldId: string): string => prefix + oldId;
  // Hashed, because the id itself must not be kept.
  const mark = (oldId: string): string => `gatehouse:adopted:${createHash('sha256').update(oldId).digest('base64url')}`;

  return {
    async read(oldId: string): Promise<{ text: string; timeToLiveMs: number | undefined } | undefined> {
      const [text, timeToLive] = await Promise.all([redis.get(raw(oldId)), redis.pTTL(raw(oldId))]);
      return text === null ? undefined : { text, timeToLiveMs: timeToLive > 0 ? timeToLive : undefined };
    },

    /** Handle of the session that replaced it. */
    successorOf: async (oldId: string): Promise<string | undefined> => (await redis.get(mark(oldId))) ?? undefined,

    /** Records a successor and returns the handle of the one that was recorded first. */
    async recordSuccessor(oldId: string, handle: string, lifeMs: number): Promise<string> {
      const expiration = { type: 'PX' as const, value: Math.max(MIN_MEMORY_MS, Math.ceil(lifeMs)) };
      if ((await redis.set(mark(oldId), handle, { condition: 'NX', expiration })) !== null) return handle;
      return (await redis.get(mark(oldId))) ?? handle;
    },

    async remove(oldId: string): Promise<void> {
      await redis.del(raw(oldId));
    },
  };
}

export type OldStorage = ReturnType<typeof createOldStorage>;
