import type { Engine, StoredSession } from './engine-port.ts';

const PAGE = 100;

/**
 * Yields all live sessions of a user once, newest activity first. A session that is used during the iteration moves to
 * the front, possibly past the current page; so the front is read again at the end. Keeps one page, and the handles
 * that were yielded, in memory.
 */
export async function* sessionsOfUser(engine: Pick<Engine, 'listByUser'>, userId: string): AsyncGenerator<StoredSession, void> {
  const given = new Set<string>();
  /** Newest activity at the start of the last round. Older sessions have not moved since. */
  let since = -Infinity;
  for (;;) {
    const isFirst = given.size === 0;
    const before = given.size;
    let newest = since;
    let pages = 0;
    let after: string | undefined;
    do {
      // oxlint-disable-next-line no-await-in-loop -- each page begins where the last one ended
      const page = await engine.listByUser(userId, { limit: PAGE, ...(after !== undefined && { after }) });
      if (pages === 0) newest = page.sessions[0]?.record.lastActivityAtMs ?? since;
      for (const session of page.sessions) {
        if (given.has(session.record.handle)) continue;
        given.add(session.record.handle);
        yield session;
      }
      pages += 1;
      const oldest = page.sessions.at(-1)?.record.lastActivityAtMs ?? Infinity;
      after = oldest >= since ? page.next : undefined;
    } while (after !== undefined);
    // A single page is one read, so nothing moved in between.
    if ((isFirst && pages === 1) || given.size === before) return;
    since = newest;
  }
}
