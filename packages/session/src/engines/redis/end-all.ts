import { ErrorReply } from 'redis';
import type { EndSession } from './end-session.ts';
import { inChunks } from './in-chunks.ts';
import { handleOfRecord, recordPattern } from './keys.ts';
import type { RedisContext } from './redis-context.ts';
import type { RedisNode } from './redis-node.ts';
import { redisError } from './redis-unavailable.ts';

/** Index entries or keys per step. */
const BATCH = 500;

/** Ends all sessions: first those in the indexes, then every record on every server, because an index may have lost entries. */
export function createEndAll({ indexes, nodes, prefix }: RedisContext, { endOne }: EndSession) {
  async function endEach(
    handles: readonly { readonly handle: string; readonly userId?: string }[],
  ): Promise<{ found: number; live: number }> {
    const outcomes = await inChunks(handles, ({ handle, userId }) =>
      endOne(handle, { mode: 'every', ...(userId !== undefined && { userId }) }),
    );
    const ended = outcomes.filter((outcome) => outcome.status === 'ended');
    return { found: ended.length, live: ended.filter(({ wasLive }) => wasLive).length };
  }

  async function endIndexed(): Promise<number> {
    let ended = 0;
    for (let some = await indexes.first(BATCH); some.length > 0; some = await indexes.first(BATCH)) ended += (await endEach(some)).live;
    return ended;
  }

  async function endRecordsOf(node: RedisNode): Promise<{ found: number; live: number }> {
    const total = { found: 0, live: 0 };
    let cursor = '0';
    do {
      const reply = await node.send(['SCAN', cursor, 'MATCH', recordPattern(prefix), 'COUNT', String(BATCH)]).catch((error: unknown) => {
        throw error instanceof ErrorReply ? error : redisError(error);
      });
      const [next, keys] = reply as [string, string[]];
      cursor = next;
      const { found, live } = await endEach(keys.map((key) => ({ handle: handleOfRecord(key) })));
      total.found += found;
      total.live += live;
    } while (cursor !== '0');
    return total;
  }

  return async (): Promise<number> => {
    let ended = await endIndexed();
    // Repeat until none is left, because a slot may have moved from one server to another.
    for (let found = 1; found > 0;) {
      const passes = await Promise.all((await nodes()).map(endRecordsOf));
      found = passes.reduce((sum, pass) => sum + pass.found, 0);
      ended += passes.reduce((sum, pass) => sum + pass.live, 0);
    }
    return ended;
  };
}
