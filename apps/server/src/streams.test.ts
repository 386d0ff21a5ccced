import { DATABASES, migratedDatabase, SQLITE } from '@gatehouse/prisma/testing';
import { REDIS_AVAILABLE, startRedis } from '@gatehouse/session/test-support/redis-server';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { hasNginx, startNginx } from '../test-support/nginx.ts';
import { runApp, type RunningApp } from '../test-support/running-app.ts';
import { openStream } from '../test-support/stream.ts';
import { visitor, type Visitor } from '../test-support/visitor.ts';

const STORAGES = [
  ...DATABASES.filter(({ available }) => available).map((on) => ({ name: `db on ${on.name}`, engine: 'db', on })),
  ...(REDIS_AVAILABLE ? ['redis', 'cached_db'] : []).map((engine) => ({ name: engine, engine, on: SQLITE })),
];

/** Long enough for a busy machine. bench/STREAMS.md has the times. */
const WITHIN = { timeout: 20_000, interval: 10 };

describe.each(STORAGES)('streams on $name, with two servers', ({ engine, on }) => {
  let here: RunningApp;
  let there: RunningApp;
  const cleanUp: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const database = await migratedDatabase(on);
    cleanUp.push(() => database.drop());
    const env: Record<string, string> = {
      DATABASE_URL: database.url,
      SESSION_ENGINE: engine,
      SESSION_SECRET: 'a-secret-of-both-servers-that-is-long-enough',
    };
    if (engine !== 'db') {
      const redis = await startRedis();
      cleanUp.push(() => redis.stop());
      env['REDIS_URL'] = redis.url;
    }
    here = await runApp(env);
    cleanUp.push(() => here.close());
    there = await runApp(env);
    cleanUp.push(() => there.close());
  });
  // oxlint-disable-next-line no-await-in-loop -- the servers before their storage
  afterAll(async () => {
    for (const one of cleanUp.toReversed()) await one();
  });

  async function signedIn(app = here): Promise<Visitor> {
    const browser = app.visitor();
    expect((await browser.signIn()).status).toBe(200);
    return browser;
  }

  const at = (app: Pick<RunningApp, 'url'>, browser: Visitor): Visitor => Object.assign(visitor(app.url), { cookie: browser.cookie });

  test('semantics 58: a stream tells of the user, of sessions, and of its end on the other server, and is no activity', async () => {
    const browser = await signedIn();
    const { session } = (await browser.query('auth.me')).data;
    await here.engine.touch(session.handle, {
      ...(await here.engine.find(session.handle))!.record,
      lastActivityAtMs: Date.now() - 3_600_000,
    });
    const before = (await here.engine.find(session.handle))?.record.lastActivityAtMs;
    const stream = await openStream(browser);
    await stream.said({ kind: 'ready' });
    expect(Object.fromEntries(stream.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    expect((await here.engine.find(session.handle))?.record.lastActivityAtMs).toBe(before);
    const elsewhere = at(there, browser);
    await elsewhere.mutate('account.updateProfile', { name: 'Ada King' });
    await stream.said({ kind: 'user' });
    const second = await signedIn(there);
    await stream.said({ kind: 'sessions' });
    expect((await second.mutate('sessions.revokeOthers')).status).toBe(200);
    await stream.said({ kind: 'ended', reason: 'SESSION_ENDED' });
    await stream.ended;
    expect(stream.events.at(-1)).toEqual({ type: 'return' });
  });

  test('a suspension on the other server ends the streams of a user', async () => {
    const root = there.visitor();
    await root.signIn('root');
    const streams = await Promise.all([1, 2, 3].map(async () => openStream(await signedIn())));
    await Promise.all(streams.map((stream) => stream.said({ kind: 'ready' })));
    const { data: ada } = await root.query('admin.users.find', { identifier: 'ada' });
    await there.accounts.setStatus(ada.id, 'suspended');
    await Promise.all(streams.map((stream) => stream.said({ kind: 'ended', reason: 'SESSION_ENDED' })));
    await there.accounts.setStatus(ada.id, 'active');
  });
});

describe('streams', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runApp();
  });
  afterAll(() => app.close());

  async function signedIn(): Promise<Visitor> {
    const browser = app.visitor();
    await browser.signIn();
    return browser;
  }

  test('a caller who is signed out, another site and a page of another user are refused with the reason', async () => {
    const signedOut = await openStream(app.visitor());
    await signedOut.refused('SIGN_IN_REQUIRED');
    const browser = await signedIn();
    await (await openStream(browser, { 'sec-fetch-site': 'cross-site' })).refused('CROSS_SITE');
    await (await openStream(browser, { 'x-gatehouse-user': 'someone else' })).refused('USER_CHANGED');
  });

  test('a session has at most twenty streams; a closed one makes room', async () => {
    const browser = await signedIn();
    const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(browser)));
    const one = await openStream(browser);
    expect(one.status).toBe(429);
    expect(one.headers.get('retry-after')).toBe('30');
    streams[0]?.close();
    await vi.waitFor(async () => {
      const next = await openStream(browser);
      next.close();
      expect(next.status).toBe(200);
    }, WITHIN);
    for (const stream of streams) stream.close();
  });

  test('an idle stream costs a bounded number of queries, however many there are', async () => {
    const browsers = await Promise.all(Array.from({ length: 10 }, signedIn));
    const streams = await Promise.all(browsers.map((browser) => openStream(browser)));
    await Promise.all(streams.map((stream) => stream.said({ kind: 'ready' })));
    const statements: string[] = [];
    const began = performance.now();
    app.takeQueries();
    await vi.waitFor(() => {
      statements.push(...app.takeQueries());
      expect(statements.length).toBeGreaterThanOrEqual(6);
    }, WITHIN);
    // Two statements for each poll, and a poll each quarter of a second.
    expect(statements.length).toBeLessThanOrEqual(2 * ((performance.now() - began) / 200 + 2));
    expect(statements.every((statement) => statement.trim().startsWith('SELECT'))).toBe(true);
    for (const stream of streams) stream.close();
    await vi.waitFor(async () => expect(await app.connections()).toBeLessThan(10), WITHIN);
  });

  test.skipIf(!hasNginx())('a revocation on one server reaches a stream of another through nginx', async () => {
    const env = { DATABASE_URL: app.databaseUrl, SESSION_SECRET: 'a-secret-of-both-servers-that-is-long-enough', TRUST_PROXY: 'loopback' };
    const [one, other] = [await runApp(env), await runApp(env)];
    onTestFinished(async () => void (await Promise.all([one.close(), other.close()])));
    await using nginx = await startNginx(one.url, ['']);
    const browser = visitor(nginx.urls[0] ?? '');
    expect((await browser.signIn()).status).toBe(200);
    const stream = await openStream(browser);
    await stream.said({ kind: 'ready' });
    const direct = Object.assign(visitor(other.url), { cookie: browser.cookie });
    const { data } = await direct.query('auth.me');
    expect(await other.engine.destroy(data.session.handle)).toBe(true);
    await stream.said({ kind: 'ended', reason: 'SESSION_ENDED' });
    await stream.ended;
  });

  test('a server that stops ends its streams without saying that the session ended', async () => {
    const own = await runApp();
    const browser = own.visitor();
    await browser.signIn();
    const stream = await openStream(browser);
    await stream.said({ kind: 'ready' });
    own.drain();
    await stream.ended;
    expect(stream.events.map(({ type }) => type)).not.toContain('return');
    expect((await openStream(browser)).status).toBe(503);
    await own.close();
  });
});
