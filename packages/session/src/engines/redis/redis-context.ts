import type { EngineOptions } from '../../engine-options.ts';
import type { UserSource } from '../../user-source.ts';
import type { SubscribeToChannel } from './connection.ts';
import type { NearCacheOptions } from '../near-cache/near-cache-options.ts';
import { createIndexes, type Indexes } from './indexes.ts';
import { slotOf } from './keys.ts';
import type { Serializer } from './record.ts';
import type { RedisCommands } from './redis-commands.ts';
import type { RedisNode } from './redis-node.ts';
import type { ReplicatedCommands } from './replicated.ts';
import { createShardTags } from './shard-tags.ts';

export interface RedisEngineOptions extends Omit<EngineOptions, 'users' | 'database'> {
  readonly users: UserSource;
  readonly redis: RedisCommands;
  readonly replicated: ReplicatedCommands;
  /** Whether `replicated` waits for replicas. If so, it may fail although the master has executed the command. */
  readonly waitsForReplicas: boolean;
  readonly isCluster: boolean;
  readonly nodes: () => Promise<readonly RedisNode[]>;
  /** Default: none, so that watched sessions are polled. */
  readonly subscribe?: SubscribeToChannel;
  /** Default: every load queries Redis. */
  readonly nearCache?: NearCacheOptions | undefined;
  /** Prefix of every key. */
  readonly prefix: string;
  /** Converts session data to text. */
  readonly serializer: Serializer;
  readonly close: () => Promise<void>;
}

/** State shared by the parts of the engine. */
export interface RedisContext extends RedisEngineOptions {
  readonly now: () => number;
  readonly indexes: Indexes;
  /** Shard tag of a user. */
  readonly tagOf: (userId: string) => Promise<string>;
  /** First arguments of a script on a slot: see slot-lua.ts. */
  readonly about: (handle: string) => (string | number)[];
  /** Adds a session to the indexes of a cluster, and removes it again if its record has been deleted or claimed since. */
  readonly reindex: (entry: { handle: string; userId: string }, expiresAtMs: number | string) => Promise<void>;
  /** The same for a claimed session. */
  readonly reindexClaimed: (handle: string, expiresAtMs: number | string) => Promise<void>;
}

export function createRedisContext(options: RedisEngineOptions): RedisContext {
  const { redis, prefix, isCluster, lifetimes, now = Date.now } = options;
  const indexes = createIndexes(redis, { prefix, isCluster });
  /** Empty if it is unclaimed, null if its record is gone. */
  const successorOf = (handle: string): Promise<string | null> => redis.hGet(slotOf(prefix, handle).record(handle), 'to');
  return {
    ...options,
    now,
    indexes,
    tagOf: createShardTags(options),
    about: (handle) => [indexes.name, handle, now(), lifetimes.ageMs, lifetimes.absoluteAgeMs],
    async reindex(entry, expiresAtMs) {
      if (!isCluster) return;
      await indexes.add(entry, expiresAtMs);
      if ((await successorOf(entry.handle)) !== '') await indexes.remove(entry.userId, [entry.handle]);
    },
    async reindexClaimed(handle, expiresAtMs) {
      if (!isCluster) return;
      await indexes.addClaimed(handle, expiresAtMs);
      if (!(await successorOf(handle))) await indexes.remove('', [handle]);
    },
  };
}
