import { openDatabase, type Database } from '@gatehouse/prisma';
import { DATABASES, migratedDatabase, SQLITE, type EmptyDatabase } from '@gatehouse/prisma/testing';
import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { LIFETIMES, type TestAccounts, type TestUser } from './conformance/engine-fixture.ts';
import type { Engine } from './engine-port.ts';
import { openEngine, type EngineName } from './registry.ts';
import { createBrowser, type Answer, type Browser } from './test-support/browser.ts';
import { databaseAccounts } from './test-support/database-accounts.ts';
import { counting, sameBrowserAt, startRaceServer, type Figures, type RaceServer } from './test-support/race-processes.ts';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from './test-support/redis-server.ts';

// Two processes and a storage server at each test's other end.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const STORAGES = [
  ...DATABASES.map((on) => ({ engine: 'db' as EngineName, on, name: `db on ${on.name}`, redis: false, available: on.available })),
  { engine: 'redis' as EngineName, on: SQLITE, name: 'redis', redis: true, available: REDIS_AVAILABLE },
  { engine: 'cached_db' as EngineName, on: SQLITE, name: 'cached_db on SQLite', redis: true, available: REDIS_AVAILABLE },
];

describe.each(STORAGES.filter(({ available }) => available))('two processes, $name', (storage) => {
  let place: EmptyDatabase;
  let redis: RedisServer | undefined;
  let database: Database;
  let engine: Engine;
  let accounts: TestAccounts;
  let servers: [RaceServer, RaceServer];
  let figures: Figures;

  beforeAll(async () => {
    place = await migratedDatabase(storage.on);
    redis = storage.redis ? await startRedis() : undefined;
    database = await openDatabase(place.url, { acquireTimeoutMs: 10_000, statementTimeoutMs: 10_000 });
    accounts = databaseAccounts(database.prisma);
    // A third process, as the command line is one.
    engine = await openEngine(storage.engine, { database, lifetimes: LIFETIMES, redisUrl: redis?.url });
    const env = { RACE_ENGINE: storage.engine, DATABASE_URL: place.url, REDIS_URL: redis?.url ?? '' };
    servers = await Promise.all([startRaceServer(env), startRaceServer(env)]);
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await engine.close();
    await database.close();
    await redis?.stop();
    await place.drop();
  });

  beforeEach(() => {
    figures = { sent: 0, answered: 0, longestMs: 0 };
  });
  afterEach(({ task }) => {
    const { sent, answered, longestMs } = figures;
    console.log(
      `${storage.name}: ${task.name}: ${sent} requests sent, ${answered} answered, lost = ${sent - answered}, longest wait ${longestMs.toFixed(0)} ms`,
    );
    expect(answered).toBe(sent);
  });

  const count = (request: Promise<Answer>): Promise<Answer> => counting(figures, request);
  const signIn = (browser: Browser, { user, credentialEpoch }: TestUser): Promise<Answer> =>
    count(browser.post(`/sign-in?user=${user.id}&epoch=${credentialEpoch}`));
  const me = async (browser: Browser) => (await count(browser.get('/me'))).json<{ signedIn: boolean; role: string | null }>();

  /** One browser as each of the two processes sees it. */
  async function signedIn(account: TestUser): Promise<[Browser, Browser]> {
    const browser = createBrowser(servers[0].url);
    expect((await signIn(browser, account)).status).toBe(200);
    return [browser, sameBrowserAt(servers[1].url, browser)];
  }

  const times = <T>(many: number, work: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: many }, (_, index) => work(index)));

  test('a slow write at one does not bring back what was signed out at the other', async () => {
    const account = await accounts.create();
    const revived = await times(byTier(5, 20), async (index) => {
      const [here, there] = await signedIn(account);
      const again = sameBrowserAt(servers[0].url, here);
      const writing = count(here.post(`/slow-write?ms=${index * 10}`));
      expect((await count(there.post('/sign-out'))).status).toBe(200);
      await writing;
      return (await me(again)).signedIn;
    });
    expect(revived.filter(Boolean)).toHaveLength(0);
    expect((await engine.listByUser(account.user.id)).sessions).toEqual([]);
  });

  test('revoke-all against sign-in: all before it are dead, and what the list shows is what works', async () => {
    const account = await accounts.create();
    for (let round = 0; round < byTier(2, 5); round += 1) {
      const before = await signedIn(account);
      const later = Array.from({ length: 6 }, (_, index) => createBrowser(servers[(index % 2) as 0 | 1].url));
      const signingIn = later.map((browser) => signIn(browser, account));
      await engine.destroyByUser(account.user.id);
      for (const browser of before) expect((await me(browser)).signedIn).toBe(false);
      await Promise.all(signingIn);
      const live = (await Promise.all(later.map(me))).filter((state) => state.signedIn);
      expect((await engine.listByUser(account.user.id)).sessions).toHaveLength(live.length);
      await engine.destroyByUser(account.user.id);
      for (const browser of later) expect((await me(browser)).signedIn).toBe(false);
    }
  });

  test('a change of password against requests and sign-ins in flight: once it is acknowledged no old session answers', async () => {
    const account = await accounts.create();
    const browsers = await times(byTier(4, 10), () => signedIn(account));
    const running = browsers.flatMap(([here, there]) => [count(here.get('/me')), count(there.post('/slow-write?ms=50'))]);
    const late = Array.from({ length: 4 }, (_, index) => createBrowser(servers[(index % 2) as 0 | 1].url));
    const signingIn = late.map((browser) => signIn(browser, account));
    await accounts.raiseEpoch(account.user.id);
    if (!engine.inDatabase) await engine.destroyByUser(account.user.id);
    const after = await Promise.all(browsers.flat().map((browser) => me(sameBrowserAt(servers[0].url, browser))));
    expect(after.filter((state) => state.signedIn)).toEqual([]);
    await Promise.all([...running, ...signingIn]);
    for (const browser of [...browsers.flat(), ...late]) expect((await me(browser)).signedIn).toBe(false);
  });

  test('two tabs that sign in at once from one cookie leave one live session', async () => {
    for (let round = 0; round < byTier(3, 10); round += 1) {
      const account = await accounts.create();
      const [here, there] = await signedIn(account);
      const before = sameBrowserAt(servers[0].url, here);
      const answers = await Promise.all([signIn(here, account), signIn(there, account)]);
      expect(answers.some(({ status }) => status === 200)).toBe(true);
      expect((await me(before)).signedIn).toBe(false);
      expect((await engine.listByUser(account.user.id)).sessions).toHaveLength(1);
      expect((await Promise.all([me(here), me(there)])).filter((state) => state.signedIn)).toHaveLength(1);
    }
  });

  test('as many increments over both give as many', async () => {
    const many = byTier(30, 100);
    const [here, there] = await signedIn(await accounts.create());
    const answers = await times(many, (index) => count((index % 2 === 0 ? here : there).post('/increment')));
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect((await count(here.get('/count'))).json()).toEqual({ count: many });
  });

  test('purges take nothing that is in use', async () => {
    const browsers = await signedIn(await accounts.create());
    const purges = times(byTier(6, 20), () => engine.purgeExpired(50));
    const states = await times(byTier(30, 100), (index) => me(browsers[(index % 2) as 0 | 1]));
    await purges;
    expect(states.filter((state) => !state.signedIn)).toEqual([]);
  });

  test('a change of role against requests in flight: each has one or the other, and all that come after it the new one', async () => {
    const { user, ...rest } = await accounts.create();
    const browsers = await signedIn({ user, ...rest });
    const running = times(byTier(20, 50), (index) => me(browsers[(index % 2) as 0 | 1]));
    await accounts.setRole(user.id, 'admin');
    if (!engine.inDatabase) await engine.userChanged({ ...user, role: 'admin' });
    const after = await times(10, (index) => me(browsers[(index % 2) as 0 | 1]));
    expect(after.map(({ role }) => role)).toEqual(after.map(() => 'admin'));
    for (const { role } of await running) expect(['user', 'admin']).toContain(role);
  });
});
