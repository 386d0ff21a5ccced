import type { Engine, LiveSession } from './engine-port.ts';

const PAGE = 100;

/**
 * All live sessions of a user, newest activity first, each once. A session that is used while its list is read moves to the front,
 * perhaps past the place where the reading stands: so the front, as far as it has moved, is read again at the end. Holds one page,
 * and the handles of the sessions it has given.
 */
export async function* sessionsOfUser(engine: Pick<Engine, 'listByUser'>, userId: string): AsyncGenerator<LiveSession, void> {
  const given = new Set<string>();
  /** The newest activity as the last round began: what is older has not moved since. */
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
    // One page is one look at the storage: nothing moved meanwhile.
    if ((isFirst && pages === 1) || given.size === before) return;
    since = newest;
  }
}
