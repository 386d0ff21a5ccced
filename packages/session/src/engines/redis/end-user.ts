import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisCommands } from './redis-commands.ts';
import type { Indexes } from './indexes.ts';
import type { ReplicatedCommands } from './replicated.ts';

/** Sessions that one script ends: Redis does nothing else meanwhile, for a few milliseconds. */
const BATCH = 1000;

/** Batches that are under way together: the way there and back takes longer than the work. */
const AT_ONCE = 10;

/** How long the caller waits for the entries of many ended sessions to be removed. */
const BUDGET_MS = 400;

interface EndUserParts {
  readonly redis: RedisCommands;
  readonly replicated: ReplicatedCommands;
  readonly indexes: Indexes;
  readonly prefix: string;
  readonly now: () => number;
}

/**
 * Ends all sessions of a user, but one, where records and indexes are on one server. Of more than a batch the records go first, which
 * ends them; their entries in the indexes follow, if they take long while nobody waits: until then they are counted.
 */
export function createEndUser({ redis, replicated, indexes, prefix, now }: EndUserParts) {
  const running = new Set<Promise<void>>();
  let isClosed = false;

  const args = (userId: string, ...more: (string | number)[]) => [indexes.name, prefix, userId, ...more];

  /** Looked for again until there is nothing new: one that was given another id meanwhile can be in front of where the looking stands. */
  async function deleteRecords(userId: string, exceptKey: string): Promise<number> {
    let ended = 0;
    for (let inPass = -1; inPass !== 0; ended += inPass) {
      inPass = 0;
      for (let from = 0, isMore = true; isMore; from += BATCH * AT_ONCE) {
        const batches = Array.from({ length: AT_ONCE }, (_, batch) => args(userId, exceptKey, now(), from + batch * BATCH, BATCH));
        const replies = await Promise.all(batches.map((batch) => replicated.deleteUserRecords(indexes.node, batch)));
        const outcomes = replies as [number, number][];
        inPass += outcomes.reduce((sum, [, live]) => sum + live, 0);
        isMore = outcomes.at(-1)?.[0] === BATCH;
      }
    }
    return ended;
  }

  async function unindex(userId: string): Promise<void> {
    for (let from = 0, found = BATCH; found === BATCH && !isClosed;) {
      const begun = performance.now();
      const [looked, left] = (await redis.unindexUser(indexes.node, args(userId, from, BATCH))) as [number, number];
      found = looked;
      from += left;
      // Half of the server's time is left to those who wait for an answer.
      await sleep(performance.now() - begun, undefined, { ref: false });
    }
  }

  return {
    /** How many were live. `isMany`: there was more than a batch of them, and each was looked for until there was none. */
    async endUser(userId: string, exceptKey = ''): Promise<{ ended: number; isMany: boolean }> {
      const reply = await replicated.endUserSessions(indexes.node, args(userId, exceptKey, now(), BATCH));
      const [found, some] = reply as [number, number];
      if (found < BATCH) return { ended: some, isMany: false };
      const ended = some + (await deleteRecords(userId, exceptKey));
      // What fails leaves entries without a record, which go when their time is over.
      const rest = unindex(userId)
        .catch(() => undefined)
        .finally(() => running.delete(rest));
      running.add(rest);
      await Promise.race([rest, sleep(BUDGET_MS, undefined, { ref: false })]);
      return { ended, isMany: true };
    },

    /** Nothing of it asks Redis any more when the promise resolves. */
    async close(): Promise<void> {
      isClosed = true;
      await Promise.all(running);
    },
  };
}
