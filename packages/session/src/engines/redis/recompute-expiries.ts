import { inChunks } from './in-chunks.ts';
import { slotKeys, slotOf } from './keys.ts';
import type { RedisContext } from './redis-context.ts';

const BATCH = 500;

/**
 * After an age in the settings was shortened, open sessions expire earlier than their index entries say, so a count
 * would be too high. The first process that starts with the new settings recomputes all of them once.
 */
export async function recomputeExpiries({ redis, indexes, prefix, lifetimes, about, reindex }: RedisContext): Promise<void> {
  const name = `${prefix}ages`;
  const ages = `${lifetimes.ageMs} ${lifetimes.absoluteAgeMs}`;
  const before = await redis.get(name);
  if (before === ages) return;
  if (before !== null) await settle();
  await redis.set(name, ages);

  async function settle(): Promise<void> {
    // Entries only move towards the beginning, before the offset, so none is skipped.
    for (let offset = 0, entries = await indexes.first(BATCH); entries.length > 0; entries = await indexes.first(BATCH, offset)) {
      await inChunks(entries, async ({ handle }) => {
        const slot = slotOf(prefix, handle);
        const settled = (await redis.recomputeExpiry(slotKeys(slot, handle), about(handle))) as [string, string] | null;
        if (settled) await reindex({ handle, userId: settled[0] }, settled[1]);
      });
      offset += entries.length;
    }
  }
}
