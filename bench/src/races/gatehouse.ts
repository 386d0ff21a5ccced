import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase } from '@gatehouse/prisma';
import { openEngine, sessionErrorHandler, sessionMiddleware, sessionOf, withDeadline } from '@gatehouse/session';
import { newSecret } from '@gatehouse/session/engine';
import { LIFETIMES } from '../scale/open-store.ts';
import type { Candidate } from './candidate.ts';

/** Gatehouse on SQLite, the default of `pnpm start`. */
export async function gatehouseOnSqlite(): Promise<Candidate> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-races-'));
  const candidate = await gatehouseOn({ name: 'Gatehouse on SQLite', engine: 'db', databaseUrl: `file:${join(folder, 'races.db')}` });
  return {
    ...candidate,
    async close() {
      await candidate.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface GatehouseTarget {
  readonly name: string;
  readonly engine: 'db' | 'redis' | 'cached_db';
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  /** Default: no near cache. */
  readonly nearCacheSessions?: number;
}

/** Gatehouse with one of its engines. The database gets its tables. */
export async function gatehouseOn({
  name,
  engine: engineName,
  databaseUrl,
  redisUrl,
  nearCacheSessions,
}: GatehouseTarget): Promise<Candidate> {
  const database = await openDatabase(databaseUrl);
  await migrate(database);
  const engine = withDeadline(await openEngine(engineName, { database, lifetimes: LIFETIMES, redisUrl, nearCacheSessions }), 2000);
  return {
    name,
    sessions: sessionMiddleware({
      engine,
      lifetimes: LIFETIMES,
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
      await engine.close();
      await database.close();
    },
  };
}
