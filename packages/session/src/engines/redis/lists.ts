import type { StoredSession, PageRequest, SessionPage } from '../../engine-port.ts';
import { listCursor, requireListPosition } from '../../list-cursor.ts';
import type { EndSession } from './end-session.ts';
import { inChunks } from './in-chunks.ts';
import type { IndexEntry } from './indexes.ts';
import { slotKeys, slotOfTag } from './keys.ts';
import { loadListed, type LoadSession } from './load-session.ts';
import type { RedisContext } from './redis-context.ts';

/** Sessions per script. */
const MAX_PAGE = 1000;

const FIRST_PAGE: PageRequest = { limit: 100 };

export function createLists({ redis, prefix, indexes, about, tagOf }: RedisContext, load: LoadSession, { endOne }: EndSession) {
  /** Loads sessions and removes the entries of those that have ended. */
  async function loadAll(entries: readonly IndexEntry[]): Promise<StoredSession[]> {
    const found = await inChunks(entries, async ({ handle, userId }) => {
      const outcome = await loadListed(load, handle);
      if (outcome.status === 'live') return [{ record: outcome.record, user: outcome.user }];
      if (outcome.status === 'absent') await endOne(handle, { mode: 'dead', userId }).catch(() => undefined);
      return [];
    });
    return found.flat();
  }

  return {
    async listByUser(userId: string, { limit, after }: PageRequest = FIRST_PAGE): Promise<SessionPage> {
      let position = after === undefined ? { lastActivityAtMs: '', handle: '' } : requireListPosition(after);
      if (!userId.isWellFormed()) return { sessions: [], next: undefined };
      const slot = slotOfTag(prefix, await tagOf(userId));
      const sessions: StoredSession[] = [];
      for (;;) {
        const count = Math.min(limit - sessions.length, MAX_PAGE);
        const args = [...about(''), userId, count, position.lastActivityAtMs, position.handle];
        const reply = await redis.pageOfUser(slotKeys(slot), args);
        const [isMore, handle = '', lastActivityAtMs = '', ...page] = reply as string[];
        sessions.push(...(await loadAll(page.map((one) => ({ handle: one, userId })))));
        if (isMore !== '1') return { sessions, next: undefined };
        position = { handle, lastActivityAtMs: Number(lastActivityAtMs) };
        if (sessions.length >= limit) return { sessions, next: listCursor(position) };
      }
    },

    async list({ limit, after }: PageRequest): Promise<SessionPage> {
      const page = await indexes.page(after, limit);
      return { sessions: await loadAll(page), next: page.length === limit ? page.at(-1)?.handle : undefined };
    },
  };
}
