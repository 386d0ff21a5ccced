import { MONOTONIC, type Monotonic } from '../cached-db/write-lease.ts';
import type { RedisCommands } from '../redis/redis-commands.ts';
import type { ReplicatedCommands } from '../redis/replicated.ts';
import { leaseOfMember } from './cache-member.ts';
import { cacheKeys } from './near-cache-scripts.ts';

/** The scripts made by `invalidatingScript`. */
const INVALIDATING = [
  'writeSession',
  'claimSession',
  'endSession',
  'changeUser',
  'raiseFloor',
] as const satisfies readonly (keyof ReplicatedCommands)[];

/** Added to the reply of a successful `writeSession` that waited. */
export const LATE = 'late';

/** Clocks of two machines may differ in speed, though never by this much. */
const DRIFT = 1.1;

/** Interval at which to check which processes have reached a fence: the first one, doubled up to the last one. Milliseconds. */
const [FIRST_LOOK_MS, LAST_LOOK_MS] = [1, 50];

export interface CacheFenceParts {
  readonly redis: RedisCommands;
  readonly replicated: ReplicatedCommands;
  /** Name of the indexes. */
  readonly index: string;
  /** This process' own cache. */
  readonly own?: { member(): string; forget(keys: readonly string[]): void } | undefined;
  readonly monotonic?: Monotonic;
}

/**
 * Delays the acknowledgement of a change until no near cache serves the state before it.
 *
 * Redis notifies each process of changes of the keys that it has cached, but the process may be slow to read that. So a
 * change that finds processes with a cache raises a fence afterwards: a number that each process reaches with the next
 * renewal of its lease, after it has read all earlier notifications (`createCacheLease`). A process that does not
 * reach it, because it hangs or is cut off, stops serving when its lease ends. The wait is measured by this process'
 * clock, from after the fence was raised, and that lease began before; so no two clocks are compared. The process is
 * then removed from the list, so the next change does not wait for it. It adds itself again with its next renewal.
 */
export function createCacheFence({ redis, replicated, index, own, monotonic = MONOTONIC }: CacheFenceParts) {
  const keys = cacheKeys(index);
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  const isOther = (member: string): boolean => member !== own?.member();

  async function reach(): Promise<void> {
    const fence = (await redis.raiseFence(keys, [])) as string;
    const raisedAtMs = monotonic.now();
    for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(lookMs * 2, LAST_LOOK_MS)) {
      const lagging = (await redis.zRange(keys[0], '-inf', `(${fence}`, { BY: 'SCORE' })).filter(isOther);
      if (lagging.length === 0) return;
      const leftMs = raisedAtMs + Math.max(...lagging.map(leaseOfMember)) * DRIFT - monotonic.now();
      if (leftMs <= 0) return void (await redis.removeCaches(keys, [fence, ...lagging]));
      await monotonic.wait(Math.min(lookMs, leftMs));
    }
  }

  /** Changes that arrive while a fence is being reached share the next one. */
  function acknowledge(): Promise<void> {
    next ??= (running ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        [running, next] = [reach(), undefined];
        return running;
      });
    return next;
  }

  function fenced<Commands extends ReplicatedCommands>(commands: Commands): Commands {
    const run = (name: (typeof INVALIDATING)[number]): RedisCommands['endSession'] => {
      return async (scriptKeys, args) => {
        const [reply, caches] = (await commands[name](scriptKeys, args)) as [unknown, readonly string[]];
        own?.forget([scriptKeys].flat());
        if (!caches.some(isOther)) return reply;
        await acknowledge();
        return name === 'writeSession' && Array.isArray(reply) ? [...(reply as unknown[]), LATE] : reply;
      };
    };
    const around = new Map<string | symbol, unknown>(INVALIDATING.map((name) => [name, run(name)]));
    return new Proxy(commands, { get: (target, name) => around.get(name) ?? (Reflect.get(target, name) as unknown) });
  }

  return { redis: fenced(redis), replicated: fenced(replicated) };
}
