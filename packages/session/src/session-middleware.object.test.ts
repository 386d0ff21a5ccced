import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Express } from 'express';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import { getSessionUser } from './guards.ts';
import { PREVIOUS_SECRET_GRACE_MS } from './secrets.ts';
import { sessionOf } from './session-middleware.ts';
import { handleIn, secretIn } from './test-support/browser.ts';
import { createTestHost, signedIn, type TestHost } from './test-support/session-app.ts';

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterEach(() => host.stopApps());
afterAll(() => host.dispose());

type Data = Record<string, unknown>;
const dataOf = (req: { session: unknown }): Data => req.session as Data;

/** `/set?key=value` sets keys to text, `/data` shows the session's data. */
function dataRoutes(app: Express): void {
  app.post('/set', (req, res) => {
    Object.assign(dataOf(req), req.query);
    res.json({});
  });
  app.get('/data', (req, res) => {
    const { cookie: _, ...data } = dataOf(req);
    res.json(data);
  });
}

test('semantics 1: a new session is empty, has no stored row, and sends no cookie', async () => {
  const app = await host.start(dataRoutes);
  const before = await app.engine.count();
  const answer = await app.browser().get('/data');
  expect(answer.json()).toEqual({});
  expect(answer.setCookies).toEqual([]);
  expect(await app.engine.count()).toEqual(before);
});

test('semantics 1: every request has its own session object; its id is the public one, and empty until it is stored', async () => {
  const seen = new Set<unknown>();
  const app = await host.start((express) =>
    express.all('/id', async (req, res) => {
      seen.add(req.session);
      const before = [req.sessionID, req.session.id];
      Object.assign(req.session, req.query);
      await sessionOf(req).commit();
      res.json({ before, after: [req.sessionID, req.session.id], handle: sessionOf(req).handle() ?? null });
    }),
  );
  const browser = app.browser();
  expect((await browser.get('/id')).json()).toEqual({ before: ['', ''], after: ['', ''], handle: null });
  const stored = (await browser.post('/id?next=/x')).json<{ before: string[]; handle: string }>();
  const { handle } = stored;
  expect(stored).toEqual({ before: ['', ''], after: [handle, handle], handle: expect.stringMatching(/^ses_[\w-]{27}$/) });
  expect((await browser.get('/id')).json()).toMatchObject({ before: [handle, handle] });
  expect((await app.browser().post('/id?next=/x')).json<typeof stored>().handle).not.toBe(handle);
  expect(seen.size).toBe(4);
});

test('a request that does not use its session creates no object and reads no data', async () => {
  const parsed = vi.fn((value: unknown) => ({ success: true as const, data: value }));
  const app = await host.start(
    (express) => {
      express.post('/put', (req, res) => {
        Object.assign(req.session, { next: '/x' });
        res.json({});
      });
      express.get('/next', (req, res) => void res.json({ next: req.session.next }));
      express.get(
        '/id',
        (req, res) => void res.json({ id: req.sessionID, handle: sessionOf(req).handle(), user: getSessionUser(req)?.id }),
      );
    },
    { schema: { shape: { next: { safeParse: parsed } } } },
  );
  const { browser } = await signedIn(host, app);
  await browser.post('/put');
  parsed.mockClear();
  for (const path of ['/me', '/id', '/nowhere']) await browser.get(path);
  host.clock.advance(LIFETIMES.activityIntervalMs);
  expect((await browser.get('/me')).setCookies).toHaveLength(1);
  expect(parsed).not.toHaveBeenCalled();
  expect((await browser.get('/next')).json()).toEqual({ next: '/x' });
  expect(parsed).toHaveBeenCalled();
});

test('semantics 2: reading a missing key returns undefined, stores nothing, and does not mark the session as modified', async () => {
  const app = await host.start((express) =>
    express.get('/read', (req, res) => {
      const read = [dataOf(req)['missing'], dataOf(req)['next'], req.session.loginTime, req.session.user];
      res.json({ read: read.map(String), isModified: sessionOf(req).isModified() });
    }),
  );
  const answer = await app.browser().get('/read');
  expect(answer.json()).toEqual({ read: ['undefined', 'undefined', 'undefined', 'undefined'], isModified: false });
  expect(answer.setCookies).toEqual([]);
});

test.each<[string, (data: Data) => void]>([
  ['setting a key', (data) => (data['fresh'] = 1)],
  ['deleting a key', (data) => delete data['text']],
  ['replacing a key', (data) => (data['text'] = 'b')],
  ['changing inside a nested value', (data) => ((data['cart'] as { items: { count: number }[] }).items[0]!.count = 2)],
  ['adding to a list inside', (data) => (data['cart'] as { items: object[] }).items.push({})],
])('semantics 3: %s marks the session as modified, and is stored', async (_name, change) => {
  const app = await host.start((express) => {
    dataRoutes(express);
    express.post('/begin', (req, res) => {
      Object.assign(dataOf(req), { text: 'a', cart: { items: [{ count: 1 }] } });
      res.json({});
    });
    express.post('/change', (req, res) => {
      change(dataOf(req));
      res.json({ isModified: sessionOf(req).isModified() });
    });
  });
  const browser = app.browser();
  await browser.post('/begin');
  const expected: Data = { text: 'a', cart: { items: [{ count: 1 }] } };
  change(expected);
  expect((await browser.post('/change')).json()).toEqual({ isModified: true });
  expect((await browser.get('/data')).json()).toEqual(expected);
});

test('semantics 4: values keep their types, and a declared date is restored as a date', async () => {
  const value = { text: 'ä😀', number: 1.5, yes: true, none: null, list: [1, ['a']] };
  const at = new Date(Date.UTC(2030, 5, 1));
  const app = await host.start((express) => {
    express.post('/set', (req, res) => {
      Object.assign(req.session, { value, loginTime: at });
      res.json({});
    });
    express.get(
      '/get',
      (req, res) =>
        void res.json({
          value: dataOf(req)['value'],
          isDate: req.session.loginTime instanceof Date,
          time: req.session.loginTime?.getTime(),
        }),
    );
  });
  const browser = app.browser();
  await browser.post('/set');
  expect((await browser.get('/get')).json()).toEqual({ value, isDate: true, time: at.getTime() });
});

describe('semantics 5: a value that cannot be stored', () => {
  const cycle: Data = {};
  cycle['self'] = cycle;

  test.each<[string, unknown]>([
    ['a function', () => 1],
    ['a cycle', cycle],
    ['a BigInt', 1n],
    ['a Map', new Map()],
    ['NaN', Number.NaN],
  ])('%s is refused with the key’s name; the stored row is unchanged', async (_name, value) => {
    const app = await host.start((express) => {
      dataRoutes(express);
      express.post('/break', (req, res) => {
        Object.assign(req.session, { fine: 'too', basket: value });
        res.json({ stored: true });
      });
      express.post('/break-later', (req, res) => {
        Object.assign(req.session, { basket: value });
        // No caller could catch an error of `res.json`.
        setImmediate(() => res.json({ stored: true }));
      });
    });
    const browser = app.browser();
    await browser.post('/set?text=a');
    for (const path of ['/break', '/break-later']) {
      const answer = await browser.post(path);
      expect(answer.status).toBe(500);
      expect(answer.text).toContain('\\"basket');
    }
    expect((await browser.get('/data')).json()).toEqual({ text: 'a' });
    // The same in a new session: no row, no cookie, no crash.
    const fresh = app.browser();
    expect((await fresh.post('/break')).status).toBe(500);
    expect(fresh.cookies.size).toBe(0);
  });

  test('is refused at once if the handler saves explicitly', async () => {
    const app = await host.start((express) =>
      express.post('/break', async (req, res) => {
        Object.assign(req.session, { basket: 1n });
        const failure: unknown = await sessionOf(req)
          .commit()
          .catch((error: unknown) => error);
        Object.assign(req.session, { basket: 1 });
        res.json({ code: (failure as { code: string }).code });
      }),
    );
    expect((await app.browser().post('/break')).json()).toEqual({ code: 'UNSTORABLE_VALUE' });
  });
});

test('the user’s fields can be read from the session object and are not part of its data', async () => {
  const app = await host.start((express) =>
    express.get('/who', (req, res) => {
      const { user, userId, email, name, role, status } = req.session;
      res.json({ user, userId, email, name, role, status, keys: Object.keys(req.session).sort() });
    }),
  );
  const { browser, account } = await signedIn(host, app);
  const { id, email, name, role, status } = account.user;
  expect((await browser.get('/who')).json()).toEqual({
    user: account.user,
    userId: id,
    email,
    name,
    role,
    status,
    keys: ['authenticatedAt', 'cookie', 'loginTime'],
  });
  await host.accounts.setRole(id, 'admin');
  expect((await browser.get('/who')).json()).toMatchObject({ role: 'admin', user: { role: 'admin' } });
});

describe('semantics 6: flush', () => {
  test('removes data and id: the row is gone, the cookie expires in the same scope, and a new session is empty', async () => {
    const app = await host.start(
      (express) => {
        dataRoutes(express);
        express.post('/flush', async (req, res) => {
          await sessionOf(req).flush();
          const { cookie: _, ...data } = dataOf(req);
          res.json({ data, id: req.sessionID, user: req.session.user });
        });
      },
      { cookie: { path: '/', domain: 'example.org', sameSite: 'strict' } },
    );
    const { browser } = await signedIn(host, app);
    await browser.post('/set?text=a');
    const cookie = browser.cookies.get('sid');
    const answer = await browser.post('/flush');
    expect(answer.json()).toEqual({ data: {}, id: '' });
    expect(answer.setCookies).toEqual([
      'sid=; Max-Age=0; Domain=example.org; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Strict',
    ]);
    expect(await host.hasRow(cookie)).toBe(false);
    browser.cookies.set('sid', String(cookie));
    expect((await browser.get('/data')).json()).toEqual({});
  });

  test('data set afterwards belongs to a new session', async () => {
    const app = await host.start((express) => {
      dataRoutes(express);
      express.post('/flush', async (req, res) => {
        await sessionOf(req).flush();
        Object.assign(req.session, { next: '/fresh' });
        res.json({});
      });
    });
    const { browser } = await signedIn(host, app);
    const before = browser.cookies.get('sid');
    await browser.post('/flush');
    expect(browser.cookies.get('sid')).not.toBe(before);
    expect((await browser.get('/data')).json()).toEqual({ next: '/fresh' });
  });

  test.each<[string, (express: Express) => void]>([
    ['req.session.destroy()', (express) => express.post('/end', (req, res) => void req.session.destroy(() => res.json({})))],
    [
      'req.session = null',
      (express) =>
        express.post('/end', (req, res) => {
          Object.assign(req, { session: null });
          res.json({});
        }),
    ],
  ])('express-session’s %s ends the session, its row and cookie', async (_name, route) => {
    const app = await host.start(route);
    const { browser } = await signedIn(host, app);
    const cookie = browser.cookies.get('sid');
    expect(await host.hasRow(cookie)).toBe(true);
    await browser.post('/end');
    expect(browser.cookies.size).toBe(0);
    expect(await host.hasRow(cookie)).toBe(false);
  });

  test('after req.session.destroy(), the same request can sign in', async () => {
    const owner = await host.user();
    const app = await host.start((express) =>
      express.post('/again', (req, res, next) => {
        req.session.destroy(() => {
          sessionOf(req)
            .signIn(owner.user, { credentialEpoch: 0 })
            .then((done) => res.json({ done }), next);
        });
      }),
    );
    const { browser } = await signedIn(host, app);
    expect((await browser.post('/again')).json()).toEqual({ done: true });
    expect((await browser.get('/me')).json()).toMatchObject({ signedIn: true, user: { id: owner.user.id } });
  });
});

describe('semantics 7: cycle and signing in', () => {
  test('cycle keeps id, data, user and lifetime under a new secret; the old one is refused after the new one was presented and its grace period is over', async () => {
    const app = await host.start((express) => {
      dataRoutes(express);
      express.post('/cycle', async (req, res) => void res.json({ done: await sessionOf(req).cycle() }));
    });
    const { browser, account } = await signedIn(host, app);
    await browser.post('/set?text=a');
    const before = browser.cookies.get('sid');
    const me = (await browser.get('/me')).json<{ session: { absoluteExpires: string; handle: string } }>();
    host.clock.advance(1000);
    expect((await browser.post('/cycle')).json()).toEqual({ done: true });
    const after = browser.cookies.get('sid');
    expect(secretIn(after)).not.toBe(secretIn(before));
    expect(handleIn(after)).toBe(handleIn(before));
    expect((await browser.get('/data')).json()).toMatchObject({ text: 'a' });
    const { absoluteExpires, handle } = me.session;
    expect((await browser.get('/me')).json()).toMatchObject({ signedIn: true, user: account.user, session: { absoluteExpires, handle } });
    host.clock.advance(PREVIOUS_SECRET_GRACE_MS);
    browser.cookies.set('sid', String(before));
    expect((await browser.get('/me')).json()).toEqual({ signedIn: false, reason: 'SESSION_ENDED' });
  });

  test('cycling an empty session stores nothing', async () => {
    const app = await host.start((express) =>
      express.post('/cycle', async (req, res) => void res.json({ done: await sessionOf(req).cycle() })),
    );
    const before = await app.engine.count();
    const answer = await app.browser().post('/cycle');
    expect(answer.json()).toEqual({ done: true });
    expect(answer.setCookies).toEqual([]);
    expect(await app.engine.count()).toEqual(before);
  });

  test('signing in creates a new id for another user, a new secret for the same user, and invalidates the old cookies', async () => {
    const app = await host.start(dataRoutes);
    const browser = app.browser();
    await browser.post('/set?next=/cart');
    const planted = browser.cookies.get('sid');
    const owner = await host.user();
    await browser.post(`/sign-in?user=${owner.user.id}`);
    const first = browser.cookies.get('sid');
    await browser.post(`/sign-in?user=${owner.user.id}`);
    const second = browser.cookies.get('sid');
    expect(new Set([planted, first, second].map(secretIn)).size).toBe(3);
    expect(handleIn(first)).not.toBe(handleIn(planted));
    expect(handleIn(second)).toBe(handleIn(first));
    expect((await app.engine.listByUser(owner.user.id)).sessions).toHaveLength(1);
    for (const dead of [planted, first]) {
      browser.cookies.set('sid', String(dead));
      expect((await browser.get('/me')).json()).toEqual({ signedIn: false, reason: 'SESSION_ENDED' });
    }
  });

  test('a different user who signs in inherits nothing from the first one', async () => {
    const app = await host.start(dataRoutes);
    const { browser, account } = await signedIn(host, app);
    await browser.post('/set?next=/theirs&private=theirs');
    const other = await host.user();
    await browser.post(`/sign-in?user=${other.user.id}`);
    expect(Object.keys((await browser.get('/data')).json<Data>())).toEqual(['loginTime', 'authenticatedAt']);
    expect((await browser.get('/me')).json()).toMatchObject({ user: { id: other.user.id } });
    expect((await app.engine.listByUser(account.user.id)).sessions).toEqual([]);
  });

  test('the same user who signs in again keeps the data, and every age restarts', async () => {
    const app = await host.start(dataRoutes);
    const { browser, account } = await signedIn(host, app);
    await browser.post('/set?text=mine');
    host.clock.advance(86_400_000);
    await browser.post(`/sign-in?user=${account.user.id}`);
    expect((await browser.get('/data')).json()).toMatchObject({ text: 'mine' });
    expect((await browser.get('/me')).json()).toMatchObject({
      session: {
        loginTime: new Date(host.clock.now()).toISOString(),
        absoluteExpires: new Date(host.clock.now() + LIFETIMES.absoluteAgeMs).toISOString(),
      },
    });
  });

  test('signing in again with an outdated epoch is refused, and the session is unchanged', async () => {
    const owner = await host.user();
    const app = await host.start((express) => {
      dataRoutes(express);
      express.post('/again', async (req, res) => {
        const session = sessionOf(req);
        const grant = { credentialEpoch: owner.credentialEpoch + 1 };
        const outcomes = [await session.reauthenticate(grant), await session.signIn(owner.user, grant)];
        res.json({ outcomes, state: session.state() });
      });
    });
    const { browser } = await signedIn(host, app, owner);
    await browser.post('/set?text=kept');
    const before = (await browser.get('/me')).json();
    const answer = await browser.post('/again');
    expect(answer.json()).toEqual({ outcomes: [false, false], state: before });
    expect(answer.setCookies).toEqual([]);
    expect((await browser.get('/data')).json()).toMatchObject({ text: 'kept' });
  });

  test('req.session.regenerate() creates an empty session without a user', async () => {
    const app = await host.start((express) => {
      dataRoutes(express);
      express.post(
        '/regenerate',
        (req, res) =>
          void req.session.regenerate(() => {
            const user: unknown = req.session.user;
            Object.assign(req.session, { text: 'new' });
            res.json({ user: user ?? null });
          }),
      );
    });
    const { browser } = await signedIn(host, app);
    const before = browser.cookies.get('sid');
    expect((await browser.post('/regenerate')).json()).toEqual({ user: null });
    expect((await browser.get('/data')).json()).toEqual({ text: 'new' });
    expect(await host.hasRow(before)).toBe(false);
  });
});

test('semantics 8: declared keys are kept at sign-in, undeclared ones are not', async () => {
  const app = await host.start(dataRoutes);
  const browser = app.browser();
  await browser.post('/set?next=/cart&tracking=x');
  await browser.post(`/sign-in?user=${(await host.user()).user.id}`);
  const data = (await browser.get('/data')).json<Data>();
  expect(data).toEqual({ next: '/cart', loginTime: expect.any(String), authenticatedAt: expect.any(String) });
});

test('a refused sign-in leaves the session unchanged', async () => {
  const app = await host.start(dataRoutes);
  const { browser, account } = await signedIn(host, app);
  await browser.post('/set?text=kept');
  const suspended = await host.user();
  await host.accounts.suspend(suspended.user.id);
  const before = browser.cookies.get('sid');
  const answer = await browser.post(`/sign-in?user=${suspended.user.id}`);
  expect(answer.status).toBe(401);
  expect(answer.setCookies).toEqual([]);
  expect(browser.cookies.get('sid')).toBe(before);
  expect((await browser.get('/me')).json()).toMatchObject({ user: { id: account.user.id } });
  expect((await browser.get('/data')).json()).toMatchObject({ text: 'kept' });
});
