import { stopwatch, tcpProxy, type TcpProxy } from '@gatehouse/prisma/testing';
import { StorageUnavailableError } from '@gatehouse/session';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '@gatehouse/session/test-support/redis-server';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { expectUnavailable } from '../test-support/expect-unavailable.ts';
import { jarBrowser, type JarBrowser } from '../test-support/jar-browser.ts';
import { OLD_SECRET, runOldApp } from '../test-support/old-app.ts';
import { addUser, DEFAULT_TIMEOUTS, PASSWORD, runApp, type RunningApp } from '../test-support/running-app.ts';

const ENGINES = [
  { name: 'db', env: () => ({}) },
  { name: 'redis', env: (url: string) => ({ SESSION_ENGINE: 'redis', REDIS_URL: url }) },
  { name: 'cached_db', env: (url: string) => ({ SESSION_ENGINE: 'cached_db', REDIS_URL: url }) },
];

const OLD = 'connect.sid';

describe.skipIf(!REDIS_AVAILABLE).each(ENGINES)('sessions of an express-session app, adopted by SESSION_ENGINE=$name', ({ env }) => {
  let redis: RedisServer;
  let toOldRedis: TcpProxy;
  let app: RunningApp;
  let users = 0;
  beforeAll(async () => {
    redis = await startRedis();
    toOldRedis = await tcpProxy({ host: '127.0.0.1', port: redis.port });
    app = await openApp();
  });
  const openApp = (more: Record<string, string> = {}): Promise<RunningApp> =>
    runApp({
      ...env(redis.url),
      SESSION_ADOPT_SECRET: `an older one, ${OLD_SECRET}`,
      SESSION_ADOPT_REDIS_URL: `redis://127.0.0.1:${toOldRedis.port}`,
      ...more,
    });
  afterEach(() => toOldRedis.set('pass'));
  afterAll(async () => {
    await app.close();
    await toOldRedis.close();
    await redis.stop();
  });

  const me = (browser: JarBrowser, { url } = app) => browser.get(`${url}/trpc/auth.me`);
  const logout = (browser: JarBrowser) => browser.post(`${app.url}/trpc/auth.logout`);
  const isThere = async (oldId: string) => (await redis.command('EXISTS', `sess:${oldId}`)) === 1;
  const sessionsOf = async (userId: string) => (await app.engine.listByUser(userId)).sessions;

  interface Kept {
    readonly keep?: (user: { id: string; username: string }) => object;
    readonly cookie?: { maxAge?: number };
  }

  /** A browser with a session of the old app, which has been stopped. */
  async function oldAppSession({ keep = ({ id }) => ({ userId: id }), cookie = { maxAge: 86_400_000 } }: Kept = {}) {
    const username = `user${(users += 1)}`;
    const id = await addUser(app.accounts, { username });
    const old = await runOldApp(redis.url, cookie);
    const browser = jarBrowser();
    await browser.post(`${old.url}/login`, keep({ id, username }));
    expect((await browser.get(`${old.url}/me`)).data).toEqual(keep({ id, username }));
    await old.close();
    const value = decodeURIComponent((await browser.cookie(app.url, OLD)) ?? '');
    return { id, username, browser, oldId: value.slice(2).split('.')[0] ?? '' };
  }

  test('the same user is signed in: the cookie is replaced, the raw key deleted, and a hashed record stored', async () => {
    const { id, username, browser, oldId } = await oldAppSession();
    const other = await oldAppSession();
    await redis.command('SET', 'sess:of another app', 'untouched');
    expect(await isThere(oldId)).toBe(true);
    const answer = await me(browser);
    expect(answer.data.user).toMatchObject({ id, username });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await browser.cookie(app.url, OLD)).toBeUndefined();
    const cookie = decodeURIComponent((await browser.cookie(app.url, 'gatehouse.sid')) ?? '');
    expect(cookie).toMatch(/^s:ses_[\w-]{27}\.[\w-]{43}\./);
    expect(cookie).not.toContain(oldId);
    expect(await isThere(oldId)).toBe(false);
    const [session, ...more] = await sessionsOf(id);
    expect(more).toEqual([]);
    expect(JSON.stringify(session)).not.toContain(oldId);
    expect((await redis.command('KEYS', `*${oldId}*`)) as string[]).toEqual([]);
    expect((await me(browser)).data.session.handle).toBe(session?.record.handle);
    // Other users keep their sessions.
    expect(await isThere(other.oldId)).toBe(true);
    expect(await redis.command('GET', 'sess:of another app')).toBe('untouched');
  });

  test('concurrent requests get the same session, and so does a retry after a lost response', async () => {
    const { id, browser } = await oldAppSession();
    const tabs = await Promise.all(Array.from({ length: 8 }, () => browser.copy()));
    const answers = await Promise.all(tabs.map((tab) => me(tab)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map(({ data }) => data.session.handle)).size).toBe(1);
    expect(await sessionsOf(id)).toHaveLength(1);
    expect((await me(browser)).data.session.handle).toBe(answers[0]?.data.session.handle);
    expect(await sessionsOf(id)).toHaveLength(1);
    for (const tab of tabs) expect((await me(tab)).status).toBe(200);
  });

  test('security 9: an adopted session is not fresh, because no password was entered here', async () => {
    const { browser } = await oldAppSession();
    expect((await me(browser)).data.session.freshUntil).toBeNull();
    const answer = await browser.post(`${app.url}/trpc/sessions.revokeOthers`);
    expect(answer.reason).toBe('REAUTHENTICATION_REQUIRED');
  });

  test('security 4: sign-out is permanent, even if the old cookie is sent again or the old app saves its session again', async () => {
    const { id, browser, oldId } = await oldAppSession();
    const replay = await browser.copy();
    const text = await redis.command('GET', `sess:${oldId}`);
    expect((await me(browser)).status).toBe(200);
    expect((await logout(browser)).data).toEqual({ signedOut: true });
    expect(await me(await replay.copy())).toMatchObject({ status: 401 });
    // A slow request of the old app saves its session again.
    await redis.command('SET', `sess:${oldId}`, String(text));
    expect(await me(await replay.copy())).toMatchObject({ status: 401 });
    expect(await isThere(oldId)).toBe(false);
    await me(replay);
    expect(await replay.cookie(app.url, OLD)).toBeUndefined();
    expect(await sessionsOf(id)).toEqual([]);
  });

  test('security 4: sign-out during concurrent adoptions leaves no session', async () => {
    const { id, browser } = await oldAppSession();
    const tabs = await Promise.all(Array.from({ length: 6 }, () => browser.copy()));
    await Promise.all(tabs.map(async (tab, index) => (index % 2 ? me(tab) : logout(tab))));
    for (const tab of tabs) expect((await me(tab)).status).toBe(401);
    expect((await me(browser)).status).toBe(401);
    expect(await sessionsOf(id)).toEqual([]);
  });

  test('security 11: a wrong or missing signature is signed out, and nothing is read or deleted', async () => {
    const { id, browser, oldId } = await oldAppSession();
    const value = decodeURIComponent((await browser.cookie(app.url, OLD)) ?? '');
    const forged = [`s:${oldId}.${'A'.repeat(43)}`, `s:${oldId}`, oldId, value.slice(0, -1), `s:x${value.slice(2)}`];
    const cookies = [
      ...forged.map((one) => `${OLD}=${encodeURIComponent(one)}`),
      `${OLD}=${encodeURIComponent(value)}; ${OLD}=${encodeURIComponent(value)}`,
    ];
    for (const cookie of cookies) {
      const response = await fetch(`${app.url}/trpc/auth.me`, { headers: { cookie } });
      expect([cookie, response.status, response.headers.getSetCookie()]).toEqual([cookie, 401, []]);
    }
    expect(await isThere(oldId)).toBe(true);
    expect(await sessionsOf(id)).toEqual([]);
  });

  test.each([
    ['passport.user', ({ id }: { id: string }) => ({ passport: { user: id } })],
    ['user.id', ({ id }: { id: string }) => ({ user: { id, name: 'whatever' } })],
    ['a user name', ({ username }: { username: string }) => ({ userId: username })],
    ['an e-mail address', ({ username }: { username: string }) => ({ userId: `${username}@EXAMPLE.org` })],
  ])('finds the signed-in user by %s', async (_, keep) => {
    const { id, browser } = await oldAppSession({ keep });
    expect((await me(browser)).data.user.id).toBe(id);
  });

  test('an anonymous session, or one of a user without an account here, is not changed', async () => {
    for (const keep of [
      () => ({ cart: [1] }),
      () => ({ userId: 'stranger' }),
      () => ({ userId: { __proto__: null } }),
      () => ({ userId: '' }),
    ]) {
      const { browser, oldId } = await oldAppSession({ keep });
      expect((await me(browser)).status).toBe(401);
      expect(await isThere(oldId)).toBe(true);
      expect(await browser.cookie(app.url, OLD)).toBeDefined();
    }
  });

  test('semantics 38: sessions of a user who was suspended or has changed the password are not adopted', async () => {
    const suspended = await oldAppSession();
    await app.accounts.setStatus(suspended.id, 'suspended');
    expect((await me(suspended.browser)).status).toBe(401);
    await app.accounts.setStatus(suspended.id, 'active');
    expect((await me(suspended.browser)).status).toBe(401);
    const changed = await oldAppSession();
    expect((await app.accounts.changePassword(changed.id, 'quite another long one')).ok).toBe(true);
    expect((await me(changed.browser)).status).toBe(401);
    expect([await sessionsOf(suspended.id), await sessionsOf(changed.id)]).toEqual([[], []]);
  });

  test('without use it expires as in the old app; with use, by the settings here', async () => {
    const { id, browser } = await oldAppSession({ cookie: { maxAge: 3_600_000 } });
    await me(browser);
    const { expiresAtMs, lastActivityAtMs } = (await sessionsOf(id))[0]!.record;
    expect(Math.abs(expiresAtMs - lastActivityAtMs - 3_600_000)).toBeLessThan(5000);
    const closing = await oldAppSession({ cookie: {} });
    const answer = await me(closing.browser);
    expect(answer.headers.getSetCookie().find((header) => header.startsWith('gatehouse.sid='))).not.toMatch(/Max-Age|Expires/i);
    const over = await oldAppSession();
    await redis.command('PEXPIRE', `sess:${over.oldId}`, '1');
    await expect.poll(() => isThere(over.oldId)).toBe(false);
    expect((await me(over.browser)).status).toBe(401);
    expect(await sessionsOf(over.id)).toEqual([]);
  });

  test('after a new sign-in and a sign-out, the old cookie does not sign the user in', async () => {
    const { username, browser, oldId, id } = await oldAppSession({ keep: () => ({ userId: 'a name of old' }) });
    expect((await me(browser)).status).toBe(401);
    expect((await browser.post(`${app.url}/trpc/auth.login`, { identifier: username, password: PASSWORD })).status).toBe(200);
    // The operator has since configured how to find the user.
    await redis.command('SET', `sess:${oldId}`, JSON.stringify({ cookie: {}, userId: id }));
    expect((await logout(browser)).status).toBe(200);
    expect((await me(browser)).status).toBe(401);
    expect(await isThere(oldId)).toBe(false);
  });

  test.each(['reset', 'hang'] as const)(
    'semantics 41: if the old Redis does not answer (%s), the response is a 503 within the time limit, and nothing is lost',
    async (mode) => {
      const { id, browser, oldId } = await oldAppSession();
      const stranger = jarBrowser();
      const hasty = await openApp({ ...DEFAULT_TIMEOUTS, DATABASE_URL: app.databaseUrl });
      onTestFinished(() => hasty.close());
      await toOldRedis.set(mode);
      const tookMs = stopwatch();
      const answer = await me(browser, hasty);
      expectUnavailable({ ...answer, tookMs: tookMs() });
      // Browsers without an old cookie are not affected.
      expect((await me(stranger, hasty)).status).toBe(401);
      await toOldRedis.set('pass');
      expect(await isThere(oldId)).toBe(true);
      await expect.poll(async () => (await me(browser, hasty)).status).toBe(200);
      expect(await isThere(oldId)).toBe(false);
      expect(await sessionsOf(id)).toHaveLength(1);
    },
  );

  test('semantics 41: if the new session cannot be stored, the old one stays, and the next request adopts it', async () => {
    const { browser, oldId, id } = await oldAppSession();
    const { create } = app.engine;
    app.engine.create = () => Promise.reject(new StorageUnavailableError('full'));
    try {
      expect((await me(browser)).status).toBe(503);
    } finally {
      app.engine.create = create;
    }
    expect(await isThere(oldId)).toBe(true);
    expect((await me(browser)).data.user.id).toBe(id);
  });

  const adoptions = async (userId: string) =>
    (await app.accounts.recentActivity(userId, { limit: 20 })).filter(({ kind }) => kind === 'session_adopted');

  test('security 47: an adoption is recorded once, with the new session, address and browser', async () => {
    const { id, browser } = await oldAppSession();
    const tabs = await Promise.all(Array.from({ length: 4 }, () => browser.copy()));
    const answers = await Promise.all(tabs.map((tab) => me(tab)));
    expect(await adoptions(id)).toEqual([
      expect.objectContaining({ handle: answers[0]?.data.session.handle, ip: '127.0.0.1', userAgent: 'node' }),
    ]);
    await me(browser);
    expect(await adoptions(id)).toHaveLength(1);
    const { events } = await app.accounts.listAudit({ userId: id, kind: 'session_adopted', limit: 5 });
    expect(events).toMatchObject([{ actorKind: 'self', actorId: id }]);
  });

  const administrator = async (procedure: string, input?: object) => {
    const root = app.visitor();
    await root.signIn('root');
    return root.mutate(procedure, input);
  };

  const ENDS = [
    {
      how: 'its owner ends all others',
      async end({ username }: { username: string }) {
        const phone = app.visitor();
        await phone.signIn(username);
        expect((await phone.mutate('sessions.revokeOthers')).status).toBe(200);
        expect((await phone.query('auth.me')).status).toBe(200);
      },
    },
    {
      how: 'an administrator ends all of the user',
      end: ({ id }: { id: string }) => administrator('admin.users.revokeSessions', { userId: id }),
    },
    {
      how: 'its owner changes the password',
      async end({ username }: { username: string }) {
        const phone = app.visitor();
        await phone.signIn(username);
        const change = { currentPassword: PASSWORD, newPassword: 'seven green umbrellas' };
        expect((await phone.mutate('account.changePassword', change)).status).toBe(200);
      },
    },
    {
      how: 'the account is suspended and reactivated',
      async end({ id }: { id: string }) {
        await administrator('admin.users.setStatus', { userId: id, status: 'suspended' });
        await administrator('admin.users.setStatus', { userId: id, status: 'active' });
      },
    },
  ];

  test.each(ENDS)('security 47: a session that was not adopted yet is invalid when $how', async ({ end }) => {
    const [lost, other] = [await oldAppSession(), await oldAppSession()];
    await end(lost);
    expect((await me(lost.browser)).status).toBe(401);
    expect(await adoptions(lost.id)).toEqual([]);
    // Other users keep their sessions.
    expect((await me(other.browser)).data.user.id).toBe(other.id);
    // Later sign-ins are not affected.
    const again = app.visitor();
    const signedIn = await again.signIn(lost.username);
    expect((await again.query('auth.me')).status).toBe(signedIn.status);
  });

  test('security 47: a refused session is deleted, and so is its cookie', async () => {
    const { id, browser, oldId } = await oldAppSession();
    await app.engine.destroyByUser(id);
    expect(await me(browser)).toMatchObject({ status: 401 });
    expect(await isThere(oldId)).toBe(false);
    expect(await browser.cookie(app.url, OLD)).toBeUndefined();
  });

  test('security 47: a session that is adopted while all sessions are ended is ended too', async () => {
    const { id, browser } = await oldAppSession();
    const { create } = app.engine;
    // Ends all sessions after the adoption was allowed and before the new session is stored.
    app.engine.create = async (...args) => {
      await app.engine.destroyByUser(id);
      return create(...args);
    };
    try {
      expect((await me(browser)).status).toBe(401);
    } finally {
      app.engine.create = create;
    }
    expect(await sessionsOf(id)).toEqual([]);
    expect(await adoptions(id)).toEqual([]);
  });

  test('security 47: adopting and ending concurrently leaves no session, in either order', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { id, browser } = await oldAppSession();
      const tabs = await Promise.all(Array.from({ length: 3 }, () => browser.copy()));
      await Promise.all([...tabs.map((tab) => me(tab)), app.engine.destroyByUser(id)]);
      for (const tab of [browser, ...tabs]) expect((await me(tab)).status).toBe(401);
      expect(await sessionsOf(id)).toEqual([]);
    }
  });

  test('security 47: a user who gets another user’s old name does not get that user’s sessions', async () => {
    const { id, username, browser, oldId } = await oldAppSession({ keep: ({ username: name }) => ({ userId: name }) });
    await app.accounts.deleteUser(id);
    await addUser(app.accounts, { username });
    expect((await me(browser)).status).toBe(401);
    expect(await isThere(oldId)).toBe(true);
  });

  // Must be the last test, because no session is adopted afterwards.
  test('security 47: a session that was not adopted yet is invalid after all sessions are ended', async () => {
    const { id, browser, username } = await oldAppSession();
    expect((await administrator('admin.sessions.revokeAll')).status).toBe(200);
    expect((await me(browser)).status).toBe(401);
    expect(await sessionsOf(id)).toEqual([]);
    expect((await app.visitor().signIn(username)).status).toBe(200);
  });
});

test.skipIf(!REDIS_AVAILABLE)('without SESSION_ADOPT_SECRET old cookies are ignored', async () => {
  const redis = await startRedis();
  const app = await runApp({ SESSION_ENGINE: 'redis', REDIS_URL: redis.url });
  const id = await addUser(app.accounts, { username: 'eve' });
  const old = await runOldApp(redis.url, {});
  const browser = jarBrowser();
  await browser.post(`${old.url}/login`, { userId: id });
  await old.close();
  expect((await browser.get(`${app.url}/trpc/auth.me`)).reason).toBe('SIGN_IN_REQUIRED');
  expect(await browser.cookie(app.url, OLD)).toBeDefined();
  await app.close();
  await redis.stop();
});
