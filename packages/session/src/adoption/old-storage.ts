import { createHash } from 'node:crypto';
import type { RedisCommands } from '../engines/redis/redis-commands.ts';

/** How long it is remembered, at the least, which session an old one has become: longer than any request takes. */
const MIN_MEMORY_MS = 3_600_000;

/** The old app's Redis, as connect-redis has filled it, and what has become of each session that was taken over. */
export function createOldStorage(redis: RedisCommands, prefix: string) {
  const raw = (oldId: string): string => prefix + oldId;
  // Under a hash: the id itself is to be gone.
  const mark = (oldId: string): string => `gatehouse:adopted:${createHash('sha256').update(oldId).digest('base64url')}`;

  return {
    async read(oldId: string): Promise<{ text: string; timeToLiveMs: number | undefined } | undefined> {
      const [text, timeToLive] = await Promise.all([redis.get(raw(oldId)), redis.pTTL(raw(oldId))]);
      return text === null ? undefined : { text, timeToLiveMs: timeToLive > 0 ? timeToLive : undefined };
    },

    /** The handle of the session that it has become. */
    successorOf: async (oldId: string): Promise<string | undefined> => (await redis.get(mark(oldId))) ?? undefined,

    /** Of several that are offered at once, the first; it is the answer to each. */
    async settleSuccessor(oldId: string, handle: string, lifeMs: number): Promise<string> {
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
