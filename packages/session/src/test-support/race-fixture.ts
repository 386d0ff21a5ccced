import { openDatabase } from '@gatehouse/prisma';
import { DATABASES, migratedDatabase, SQLITE, type TestDatabase } from '@gatehouse/prisma/testing';
import { LIFETIMES, type TestAccounts, type TestUser } from '../conformance/engine-fixture.ts';
import type { Engine } from '../engine-port.ts';
import { openEngine, type EngineName } from '../registry.ts';
import { announcedAccounts } from './announced-accounts.ts';
import { createBrowser, type Answer, type Browser } from './browser.ts';
import { databaseAccounts } from './database-accounts.ts';
import { counting, sameBrowserAt, startRaceServer, type Figures, type RaceServer } from './race-processes.ts';
import { REDIS_AVAILABLE, startRedis } from './redis-server.ts';

export interface RaceStorage {
  readonly name: string;
  readonly engine: EngineName;
  readonly on: TestDatabase;
  readonly redis: boolean;
  /** Of the servers. Default: no near cache. */
  readonly nearCacheSessions?: number;
}

/** Every engine on every database available on this machine. */
export const RACE_STORAGES: readonly RaceStorage[] = [
  ...DATABASES.filter(({ available }) => available).map((on) => ({ engine: 'db' as const, on, name: `db on ${on.name}`, redis: false })),
  ...(REDIS_AVAILABLE ? (['redis', 'cached_db'] as const) : []).map((engine) => ({ engine, on: SQLITE, name: engine, redis: true })),
  ...(REDIS_AVAILABLE
    ? [{ engine: 'redis' as const, on: SQLITE, name: 'redis with near caches', redis: true, nearCacheSessions: 1000 }]
    : []),
];

/** Two server processes on one storage, with this process as a third, like the command line. */
export interface RaceFixture {
  readonly engine: Engine;
  readonly accounts: TestAccounts;
  readonly servers: readonly [RaceServer, RaceServer];
  /** Of the counted requests. */
  readonly figures: Figures;
  count(request: Promise<Answer>): Promise<Answer>;
  signIn(browser: Browser, user: TestUser, query?: string): Promise<Answer>;
  me(browser: Browser): Promise<{ signedIn: boolean; role: string | null }>;
  /** A browser signed in to the first server. */
  signedIn(user: TestUser): Promise<Browser>;
  close(): Promise<void>;
}

export async function openRaceFixture(storage: RaceStorage): Promise<RaceFixture> {
  const testDatabase = await migratedDatabase(storage.on);
  const redis = storage.redis ? await startRedis() : undefined;
  const database = await openDatabase(testDatabase.url, { acquireTimeoutMs: 10_000, statementTimeoutMs: 10_000 });
  const engine = await openEngine(storage.engine, { database, lifetimes: LIFETIMES, redisUrl: redis?.url });
  const env = {
    RACE_ENGINE: storage.engine,
    DATABASE_URL: testDatabase.url,
    REDIS_URL: redis?.url ?? '',
    RACE_NEAR_CACHE: String(storage.nearCacheSessions ?? 0),
  };
  const servers = await Promise.all([startRaceServer(env), startRaceServer(env)]);
  const source = databaseAccounts(database.prisma);
  const figures: Figures = { sent: 0, answered: 0, longestMs: 0 };
  const count = (request: Promise<Answer>): Promise<Answer> => counting(figures, request);
  const signIn: RaceFixture['signIn'] = (browser, { user, credentialEpoch }, query = '') =>
    count(browser.post(`/sign-in?user=${user.id}&epoch=${credentialEpoch}${query}`));
  return {
    engine,
    accounts: engine.inDatabase ? source : announcedAccounts(source, engine),
    servers,
    figures,
    count,
    signIn,
    me: async (browser) => (await count(browser.get('/me'))).json(),
    async signedIn(user) {
      const browser = createBrowser(servers[0].url);
      const { status, text } = await signIn(browser, user);
      if (status !== 200) throw new Error(`The sign-in before the race was answered ${status}: ${text}`);
      // The first requests present the secret, fill the near cache and renew its lease.
      for (let requests = 0; storage.nearCacheSessions !== undefined && requests < 5; requests += 1)
        await Promise.all(servers.map(({ url }) => sameBrowserAt(url, browser).get('/me')));
      return browser;
    },
    async close() {
      const hits = await Promise.all(servers.map(async ({ url }) => (await createBrowser(url).get('/hits')).json<{ hits: number }>().hits));
      await Promise.all(servers.map((server) => server.stop()));
      await engine.close();
      await database.close();
      await redis?.stop();
      await testDatabase.drop();
      if (storage.nearCacheSessions !== undefined && hits.includes(0))
        throw new Error('A near cache answered nothing, so nothing was proven.');
    },
  };
}

/** Runs `work` concurrently. */
export const times = <T>(many: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: many }, (_, index) => work(index)));
