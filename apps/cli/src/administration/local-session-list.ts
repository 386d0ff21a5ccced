import type { Engine } from '@gatehouse/session';
import type { StoredSession } from '@gatehouse/session/engine';

interface Found {
  readonly live: readonly StoredSession[];
  /** Including those beyond the limit. */
  readonly total: number;
}

/** The first sessions of a user. Reads on beyond the limit to count the others. */
export async function sessionsOfOne(engine: Engine, userId: string, limit: number): Promise<Found> {
  const { sessionsOfUser } = await import('@gatehouse/session/engine');
  const live: StoredSession[] = [];
  let total = 0;
  for await (const session of sessionsOfUser(engine, userId)) {
    total += 1;
    if (live.length < limit) live.push(session);
  }
  return { live, total };
}

/** Some of all sessions, in the order of the engine. */
export async function sessionsOfAll(engine: Engine, limit: number): Promise<Found> {
  const found: StoredSession[] = [];
  let after: string | undefined;
  do {
    const page = await engine.list({ limit: Math.min(limit - found.length, 500), ...(after !== undefined && { after }) });
    found.push(...page.sessions);
    after = page.next;
  } while (after !== undefined && found.length < limit);
  return { live: found, total: after === undefined ? found.length : (await engine.count()).sessions };
}
