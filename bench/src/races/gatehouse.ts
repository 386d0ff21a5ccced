import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase } from '@gatehouse/prisma';
import { openEngine, sessionErrorHandler, sessionMiddleware, sessionOf, withDeadline } from '@gatehouse/session';
import { newSecret } from '@gatehouse/session/engine';
import type { Candidate } from './candidate.ts';

const DAY_MS = 86_400_000;

/** Gatehouse on SQLite, the default of `pnpm start`. */
export async function gatehouseOnSqlite(): Promise<Candidate> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-races-'));
  const database = await openDatabase(`file:${join(folder, 'races.db')}`);
  await migrate(database);
  const lifetimes = {
    ageMs: 14 * DAY_MS,
    absoluteAgeMs: 90 * DAY_MS,
    sliding: true,
    activityIntervalMs: 60_000,
    expireAtBrowserClose: false,
  };
  const engine = withDeadline(await openEngine('db', { database, lifetimes }), 2000);
  return {
    name: 'Gatehouse on SQLite',
    sessions: sessionMiddleware({
      engine,
      lifetimes,
      secrets: [newSecret()],
      cookie: { name: 'sessionid', secure: false, sameSite: 'lax', domain: undefined, path: '/' },
    }),
    errors: sessionErrorHandler,
    signOut: (req) => sessionOf(req).flush(),
    increment: (req) =>
      sessionOf(req).update((data) => {
        data.count = (data.count ?? 0) + 1;
      }),
    async close() {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
