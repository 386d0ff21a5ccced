import { inChunks } from '../engines/redis/in-chunks.ts';
import { indexName } from '../engines/redis/indexes.ts';
import type { RedisCommands } from '../engines/redis/redis-commands.ts';
import type { CopyJournal, JournalEntry } from './copy-storage.ts';

const PAGE = 1000;

/** A sorted set of `handle target fingerprint`, expiry of the copy, and expiry of the session, in the order of handles. It expires with the last session. */
export function redisCopyJournal(
  redis: Pick<RedisCommands, 'zRange' | 'writeCopyJournal' | 'del'>,
  { prefix, now }: { readonly prefix: string; readonly now: () => number },
): CopyJournal {
  const key = `${indexName(prefix)}:copied`;

  async function write(old: readonly JournalEntry[], entries: readonly JournalEntry[]): Promise<void> {
    const ttlMs = Math.max(0, ...entries.map(({ expiresAtMs }) => expiresAtMs - now()));
    await redis.writeCopyJournal(key, [ttlMs, old.length, ...old.map(memberOf), ...entries.map(memberOf)]);
  }

  return {
    async get(handles) {
      const found = await inChunks(handles, (handle) =>
        redis.zRange(key, `[${handle} `, `(${handle}!`, { BY: 'LEX', LIMIT: { offset: 0, count: 1 } }),
      );
      return new Map(
        found
          .flat()
          .map(entryOf)
          .map((entry) => [entry.handle, entry]),
      );
    },

    async put(entries, before) {
      const old = entries.flatMap(({ handle }) => before.get(handle) ?? []);
      if (entries.length > 0) await write(old, entries);
    },

    async remove(entries) {
      if (entries.length > 0) await write(entries, []);
    },

    async *pages() {
      for (let after = '-'; ;) {
        const members = await redis.zRange(key, after, '+', { BY: 'LEX', LIMIT: { offset: 0, count: PAGE } });
        yield members.map(entryOf);
        const last = members.at(-1);
        if (last === undefined || members.length < PAGE) return;
        after = `(${last}`;
      }
    },

    // It expires as a whole.
    purge: () => Promise.resolve(),

    async clear() {
      await redis.del(key);
    },
  };
}

const memberOf = ({ handle, target, fingerprint, copyExpiresAtMs, expiresAtMs }: JournalEntry): string =>
  [handle, target, fingerprint, copyExpiresAtMs, expiresAtMs].join(' ');

function entryOf(member: string): JournalEntry {
  const [handle = '', target = '', fingerprint = '', copyExpiresAtMs = '0', expiresAtMs = '0'] = member.split(' ');
  return { handle, target, fingerprint, copyExpiresAtMs: Number(copyExpiresAtMs), expiresAtMs: Number(expiresAtMs) };
}
