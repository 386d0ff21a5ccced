import { createHmac, randomBytes } from 'node:crypto';
import { SHARD_TAG_LENGTH } from '../../session-id.ts';
import type { RedisCommands } from './redis-commands.ts';
import type { ReplicatedCommands } from './replicated.ts';

/**
 * The shard tags of users: an HMAC of the user id, so that all sessions of a user lie in one slot and a handle does not say whose it is. The key
 * is kept in Redis, because an unkeyed hash of the id could be found by trying all users.
 *
 * All processes must have the same key, else one would not find what the other has stored: it is looked at before each use. It is
 * acknowledged by replicas before its first use, so a fail-over does not change it. Where Redis was emptied it is put back; the sessions
 * are lost anyway.
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
