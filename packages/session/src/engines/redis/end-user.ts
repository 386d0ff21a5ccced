import type { DestroyByUserOptions } from '../../engine-port.ts';
import { shardTagOf } from '../../session-id.ts';
import { slotKeys, slotOfTag } from './keys.ts';
import type { RedisContext } from './redis-context.ts';

/** Sessions per script. It blocks Redis for a few milliseconds. */
const BATCH = 500;

/**
 * Ends all sessions of a user except one. Raising the floor ends them at once, however many there are, and replicas
 * acknowledge it; a repetition after a failure raises it again. Then the records are deleted. Each caller counts the
 * live sessions that it deleted.
 */
export function createEndUser({ redis, replicated, prefix, indexes, about, tagOf }: RedisContext) {
  return async (userId: string, { exceptHandle, exceptEpoch }: DestroyByUserOptions = {}): Promise<number> => {
    if (!userId.isWellFormed()) return 0;
    const tag = await tagOf(userId);
    const slot = slotOfTag(prefix, tag);
    const except = exceptHandle !== undefined && shardTagOf(exceptHandle) === tag ? exceptHandle : '';
    const reply = await replicated.raiseFloor(
      [...slotKeys(slot, except), slot.unadoptable(userId)],
      [...about(except), userId, except, exceptEpoch ?? '', BATCH],
    );
    const [floor = '0', kept, ...first] = reply as string[];
    let [ended, offset] = [0, 0];
    for (let page = first; page.length > 0;) {
      const handles = kept === '1' ? page.filter((handle) => handle !== except) : page;
      const keys = [...slotKeys(slot), ...handles.map((handle) => slot.record(handle))];
      const [live, ...deleted] = (await redis.deleteSessions(keys, [...about(''), userId, floor, ...handles])) as [number, ...string[]];
      ended += live;
      if (deleted.length > 0) await indexes.remove(userId, deleted).catch(() => undefined);
      // Skip the kept session and sessions of later sign-ins.
      offset += page.length - deleted.length;
      page = page.length < BATCH ? [] : await redis.zRange(slot.byExpiry, offset, offset + BATCH - 1);
    }
    return ended;
  };
}
