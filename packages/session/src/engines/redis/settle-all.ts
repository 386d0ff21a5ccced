import type { Lifetimes } from '../../engine-port.ts';
import type { RedisCommands } from './redis-commands.ts';
import type { Indexes } from './indexes.ts';

const CHUNK = 500;

/**
 * After an age in the settings was shortened, open sessions end sooner than their entries say, and a count would be
 * too high. The first process that starts with the new settings goes through them once; so does the first of a version that has
 * another index.
 */
export async function settleAll({
  redis,
  indexes,
  prefix,
  lifetimes,
  now,
}: {
  redis: RedisCommands;
  indexes: Indexes;
  prefix: string;
  lifetimes: Lifetimes;
  now: () => number;
}): Promise<void> {
  const name = `${prefix}ages`;
  const ages = `${lifetimes.ageMs} ${lifetimes.absoluteAgeMs} by-activity`;
  const before = await redis.get(name);
  if (before === ages) return;
  if (before !== null) await settle();
  await redis.set(name, ages);

  async function settle(): Promise<void> {
    // What moves, moves towards the beginning, behind the offset: nothing is passed over.
    for (let offset = 0, entries = await indexes.first(CHUNK); entries.length > 0; entries = await indexes.first(CHUNK, offset)) {
      await Promise.all(
        entries.map(async (entry) => {
          const clocks = (await redis.settleSession(prefix + entry.key, [
            entry.key,
            '',
            now(),
            lifetimes.ageMs,
            lifetimes.absoluteAgeMs,
          ])) as [string, string] | null;
          if (clocks) await indexes.add(entry, { expiresAtMs: Number(clocks[0]), lastActivityAtMs: Number(clocks[1]) });
        }),
      );
      offset += entries.length;
    }
  }
}
