import { createHmac, randomBytes } from 'node:crypto';
import { SHARD_TAG_LENGTH } from '../../session-id.ts';
import type { RedisCommands } from './redis-commands.ts';
import type { ReplicatedCommands } from './replicated.ts';

/**
 * Shard tags of users: an HMAC of the user id, so that all sessions of a user are in one slot but a handle does not
 * reveal the user. The HMAC key is kept in Redis, because an unkeyed hash could be reversed by trying all users.
 *
 * All processes must use the same key, or they would not find each other's sessions, so it is read before each use.
 * Replicas acknowledge it before its first use, so a fail-over does not change it. If Redis was emptied, the key is
 * stored again; the sessions are lost anyway.
 */
export function createShardTags({
  redis,
  replicated,
  prefix,
}: {
  readonly redis: Pick<RedisCommands, 'get'>;
  readonly replicated: Pick<ReplicatedCommands, 'keepShardKey'>;
  readonly prefix: string;
}): (userId: string) => Promise<string> {
  const name = `${prefix}shard-key`;
  let key: string | undefined;

  async function currentKey(): Promise<string> {
    const stored = key === undefined ? null : await redis.get(name);
    if (stored !== null) return (key = stored);
    return (key = (await replicated.keepShardKey(name, [key ?? randomBytes(32).toString('base64url')])) as string);
  }

  return async (userId) =>
    createHmac('sha256', Buffer.from(await currentKey(), 'base64url'))
      .update(userId)
      .digest('base64url')
      .slice(0, SHARD_TAG_LENGTH);
}
