import { POSTGRESQL, tcpProxy, type EmptyDatabase, type ProxyMode, type TcpProxy, migratedDatabase } from '@gatehouse/prisma/testing';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '@gatehouse/session/test-support/redis-server';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { faultFigures, REQUESTS } from '../test-support/fault-figures.ts';
import { DEFAULT_TIMEOUTS, runApp, type RunningApp } from '../test-support/running-app.ts';
import type { Visitor } from '../test-support/visitor.ts';

// semantics 40 and 41: the database is authoritative, Redis has copies, and either can be unavailable.
describe.skipIf(!REDIS_AVAILABLE || !POSTGRESQL.available)('faults of either storage of cached_db', { timeout: 60_000 }, () => {
  let redis: RedisServer;
  let database: EmptyDatabase;
  let toRedis: TcpProxy;
  let toDatabase: TcpProxy;
  let app: RunningApp;
  beforeAll(async () => {
    [redis, database] = await Promise.all([startRedis(), migratedDatabase(POSTGRESQL)]);
    const url = new URL(database.url);
    toRedis = await tcpProxy({ host: '127.0.0.1', port: redis.port });
    toDatabase = await tcpProxy({ host: '127.0.0.1', port: Number(url.port) });
    url.port = String(toDatabase.port);
    app = await runApp({
      ...DEFAULT_TIMEOUTS,
      SESSION_ENGINE: 'cached_db',
      REDIS_URL: `redis://127.0.0.1:${toRedis.port}`,
      DATABASE_URL: url.href,
    });
  });
  afterEach(async () => {
    await Promise.all([toRedis, toDatabase].map((proxy) => proxy.set('pass')));
    await vi.waitFor(() => app.engine.userChanged('nobody'), { timeout: 10_000, interval: 20 });
  });
  afterAll(async () => {
    await app.close();
    await Promise.all([toRedis.close(), toDatabase.close()]);
    await redis.stop();
    await database.drop();
  });

  async function signedIn(): Promise<Visitor> {
    const browser = app.visitor();
    expect((await browser.signIn()).status).toBe(200);
    expect((await browser.query('auth.me')).status).toBe(200);
    return browser;
  }

  const status = async (browser: Visitor): Promise<number> => (await browser.query('auth.me')).status;
  const redisAnswers = (browser: Visitor): Promise<unknown> =>
    vi.waitFor(async () => expect((await browser.mutate('auth.logout')).status).toBe(200), { timeout: 10_000, interval: 20 });

  describe.each<ProxyMode>(['refuse', 'reset', 'hang', 'swallow', 'half'])('Redis: %s', (mode) => {
    test('reads and sign-ins work, a change that must reach every copy is a 503, and a retry ends the session', async () => {
      const [browser, leaving, again] = [await signedIn(), await signedIn(), await signedIn()];
      const { cookie } = leaving;
      const before = (await app.engine.count()).sessions;
      const figures = faultFigures(app, `cached_db, Redis: ${mode}`);
      await toRedis.set(mode);
      const [read, page, fresh, ready] = await Promise.all([
        figures.ask(REQUESTS.me(browser)),
        figures.ask(REQUESTS.download(browser)),
        figures.ask(REQUESTS.signIn(app.visitor())),
        figures.expectHealth(200),
        figures.expectAllUnavailable(leaving, ['signOut']),
      ]);
      expect([read.status, page.status, fresh.status, ready]).toEqual([200, 200, 200, undefined]);
      // A retry during the fault: the row is deleted, the copy is not. A sign-in over an existing session changes nothing.
      await Promise.all([figures.expectAllUnavailable(leaving, ['signOut']), figures.expectAllUnavailable(again, ['signIn'])]);
      expect((await figures.ask(REQUESTS.me(again))).status).toBe(200);
      await toRedis.set('pass');
      const healedMs = await figures.expectHealed(browser);
      await redisAnswers(leaving);
      figures.print(healedMs);
      leaving.cookie = cookie;
      expect([await status(leaving), await status(browser), await status(again)]).toEqual([401, 200, 200]);
      // One signed out, one signed in.
      expect((await app.engine.count()).sessions).toBe(before);
    });
  });

  test('semantics 40: revoking without Redis is an error; after a retry no process serves the session', async () => {
    const [browser, other] = [await signedIn(), await signedIn()];
    const { id } = (await browser.query('auth.me')).data.user;
    await using elsewhere = await app.elsewhere();
    expect((await elsewhere.engine.listByUser(id)).sessions).not.toEqual([]);
    await toRedis.set('refuse');
    await expect(app.engine.destroyByUser(id)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await toRedis.set('pass');
    await vi.waitFor(() => app.engine.destroyByUser(id), { timeout: 10_000, interval: 20 });
    expect([await status(browser), await status(other), (await elsewhere.engine.listByUser(id)).sessions.length]).toEqual([401, 401, 0]);
  });

  test('F-06, semantics 40: Redis killed and started empty: no session is lost, and no ended session comes back', async () => {
    const [stays, left] = [await signedIn(), await signedIn()];
    const { cookie } = left;
    expect((await left.mutate('auth.logout')).status).toBe(200);
    const figures = faultFigures(app, 'cached_db, Redis: kill -9, nothing kept');
    await redis.kill();
    expect((await figures.ask(REQUESTS.me(stays))).status).toBe(200);
    await redis.start();
    figures.print(await figures.expectHealed(stays));
    left.cookie = cookie;
    expect(await status(left)).toBe(401);
    await redisAnswers(stays);
  });

  test.each<ProxyMode>(['refuse', 'hang', 'half'])(
    'database: %s: cached sessions are served, everything else is a 503, and it recovers',
    async (mode) => {
      const browser = await signedIn();
      const uncopied = await signedIn();
      await redis.command('FLUSHALL');
      expect(await status(browser)).toBe(200);
      const figures = faultFigures(app, `cached_db, database: ${mode}`);
      await toDatabase.set(mode);
      const read = figures.ask(REQUESTS.me(browser));
      await Promise.all([
        figures.expectAllUnavailable(browser, ['signOut', 'signIn', 'update']),
        figures.expectAllUnavailable(uncopied, ['me', 'download', 'page']),
        figures.expectHealth(503),
      ]);
      expect((await read).status).toBe(200);
      await toDatabase.set('pass');
      figures.print(await figures.expectHealed(uncopied));
      expect([await status(browser), (await browser.mutate('auth.logout')).status]).toEqual([200, 200]);
    },
  );

  test.each(['{', 'null', '[]', '7', '{}', '{"handle":1,"data":[]}', 'x'.repeat(1_000_000)].map((value) => [value.slice(0, 20), value]))(
    'F-17: an invalid copy is not served: %s',
    async (_shown, value) => {
      // After the faults above, no copies are made of this user for a minute.
      await redis.command('FLUSHALL');
      const browser = await signedIn();
      // The first request with a new cookie writes; the second reads, and makes the copy.
      await browser.query('auth.me');
      const { handle } = (await browser.query('auth.me')).data.session;
      const copy = `{gatehouse:cache}:c:${handle}`;
      for (const field of ['r', 'n']) {
        expect(await redis.command('HSET', copy, field, value)).toBe(0);
        expect((await browser.query('auth.me')).data.user.username).toBe('ada');
      }
      await redis.command('SET', copy, value);
      expect((await browser.query('auth.me')).data.user.username).toBe('ada');
    },
  );

  test('F-14: Redis full: everything works, because an invalidation mark replaces the copy and needs no more memory', async () => {
    const browser = await signedIn();
    const { cookie } = browser;
    await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction', 'maxmemory', '1');
    try {
      expect([await status(browser), (await app.visitor().signIn()).status]).toEqual([200, 200]);
      expect((await browser.mutate('auth.logout')).status).toBe(200);
      browser.cookie = cookie;
      expect(await status(browser)).toBe(401);
    } finally {
      await redis.command('CONFIG', 'SET', 'maxmemory', '0');
    }
  });
});
