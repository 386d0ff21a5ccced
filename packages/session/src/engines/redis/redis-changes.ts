import type { Engine } from '../../engine-port.ts';
import { createChanges } from '../changes.ts';
import type { SubscribeToChannel } from './connection.ts';
import type { RedisCommands } from './redis-commands.ts';

export interface RedisChangesParts {
  readonly redis: Pick<RedisCommands, 'publish'>;
  /** Prefix of every key. */
  readonly prefix: string;
  readonly subscribe: SubscribeToChannel;
}

/** Changes by Redis' publish and subscribe: the scripts publish to the channel `<prefix>changes` (`tell` in slot-lua.ts). */
export function redisChanges({ redis, prefix, subscribe }: RedisChangesParts): NonNullable<Engine['subscribe']> {
  const channel = `${prefix}changes`;
  return createChanges({
    publish: (message) => redis.publish(channel, message),
    subscribe: (onMessage) => subscribe(channel, onMessage),
  });
}
