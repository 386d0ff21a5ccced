import type { SessionData } from 'express-session';
import type { Engine } from './engine-port.ts';

const PAGE = 1000;

/** The data of all live sessions, without ids, as express-session's `store.all` returns it. */
export async function allSessionData(engine: Pick<Engine, 'list'>): Promise<SessionData[]> {
  const all: SessionData[] = [];
  let after: string | undefined;
  do {
    const page = await engine.list({ limit: PAGE, ...(after !== undefined && { after }) });
    all.push(...page.sessions.map(({ record }) => record.data as unknown as SessionData));
    after = page.next;
  } while (after !== undefined);
  return all;
}
