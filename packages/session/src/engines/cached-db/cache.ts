import type { Bar, LiveSession } from '../../engine-port.ts';
import type { RedisCommands } from '../redis/redis-commands.ts';
import type { ReplicatedCommands } from '../redis/replicated.ts';
import { openCopy, type Copy } from './copy.ts';

/** What was seen of the cache before the database was asked: what was read there may be kept only if none of it has moved. */
export interface Sighting {
  readonly copy: Copy;
  readonly seen: readonly [generation: string, accounts: string, era: string];
}

/**
 * Copies of live sessions in Redis. A copy may be made only if nothing was forgotten since before the database was
 * read, and both are judged inside Redis at once: so no reader that was slow puts back what someone has ended.
 *
 * `g:key` counts what was forgotten of one session, `accounts` what was forgotten of any user's sessions, `era` what
 * was forgotten of all. The braces put them into one hash slot.
 */
export function createCache({
  redis,
  replicated,
  prefix,
  maxAgeMs,
}: {
  redis: RedisCommands;
  replicated: ReplicatedCommands;
  prefix: string;
  maxAgeMs: number;
}) {
  const name = (kind: string, id = ''): string => `{${prefix}cache}:${kind}${id}`;
  const [accounts, era] = [name('accounts'), name('era')];

  return {
    /** One round trip. */
    async look(key: string): Promise<Sighting> {
      const [value, generation, accountsSeen, eraSeen] = await redis.mGet([name('v:', key), name('g:', key), accounts, era]);
      const seen = [generation ?? '0', accountsSeen ?? '0', eraSeen ?? '0'] as const;
      return { copy: openCopy(value, key, seen[2]), seen };
    },

    async keep({ record, user }: LiveSession, { copy, seen }: Sighting, lifeMs: number): Promise<void> {
      // Servers of two versions would write over each other's copies, each in turn.
      if (copy.status === 'other') return;
      const value = JSON.stringify({ era: seen[2], record, user });
      const args = [
        name('g:', record.key),
        accounts,
        era,
        name('u:', record.userId ?? ''),
        name('b:', record.userId ?? ''),
        ...seen,
        value,
        Math.max(1, Math.min(maxAgeMs, lifeMs)),
        record.key,
      ];
      await redis.keepCopy(name('v:', record.key), args);
    },

    /** The copy is of an older version: whoever is told may go on. */
    async forget(key: string): Promise<void> {
      await redis.forgetCopy(name('v:', key), [name('g:', key)]);
    },

    /** The copy is of a session that is over, here as below. */
    async end(key: string): Promise<void> {
      await replicated.forgetCopy(name('v:', key), [name('g:', key)]);
    },

    async endUser(userId: string): Promise<void> {
      await replicated.forgetCopies(name('u:', userId), [accounts, name('v:'), name('g:')]);
    },

    async bar(userId: string, { owner, forMs }: Bar): Promise<void> {
      await replicated.barUser(name('b:', userId), [owner, forMs]);
    },

    async endAll(): Promise<void> {
      await replicated.forgetEra(era, []);
    },
  };
}

export type Cache = ReturnType<typeof createCache>;
