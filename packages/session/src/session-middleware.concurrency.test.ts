import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Express, Request } from 'express';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import { PREVIOUS_SECRET_GRACE_MS } from './secrets.ts';
import { sessionOf } from './session-middleware.ts';
import { at, createTestHost, signedIn, type TestApp, type TestHost } from './test-support/session-app.ts';
import { slowRoute } from './test-support/slow-route.ts';

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterEach(() => host.stopApps());
afterAll(() => host.dispose());

const PAGE = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };

describe('semantics 28 and 29: a request that is still running when its session is ended', () => {
  test.each(['one process', 'two processes'])('cannot revive it, and its response says so: 20 of 20 tries, in %s', async (processes) => {
    const slow = slowRoute();
    const app = await host.start(slow.route);
    const other = processes === 'one process' ? app : await host.start(slow.route);
    for (let attempt = 0; attempt < 20; attempt++) {
      const { browser } = await signedIn(host, app);
      const cookie = browser.cookies.get('sid');
      const running = at(app, browser).post(`/slow?next=/${attempt}`);
      await slow.arrived(1);
      expect((await at(other, browser).post('/sign-out')).status).toBe(200);
      slow.goOn();
      const answer = await running;
      expect(answer.status).toBe(401);
      expect(answer.json()).toMatchObject({ error: { reason: 'SESSION_ENDED' } });
      expect(answer.setCookies).toEqual([]);
      expect(await host.hasRow(cookie)).toBe(false);
      expect((await browser.get('/me')).json()).toEqual({ signedIn: false, reason: 'SESSION_ENDED' });
    }
  });

  test('a page is redirected to the login page with the reason', async () => {
    const slow = slowRoute();
    const app = await host.start(slow.route);
    const { browser } = await signedIn(host, app);
    const running = at(app, browser).get('/slow?next=/x', { headers: PAGE });
    await slow.arrived(1);
    await browser.post('/sign-out');
    slow.goOn();
    const answer = await running;
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('/login?next=%2Fslow%3Fnext%3D%2Fx&reason=SESSION_ENDED');
  });

  test.each([
    ['the same user, whose session is kept', 200],
    ['another user, for whom it ended', 401],
  ])('it does not remove the cookie of a sign-in that came in between, of %s', async (who, status) => {
    const slow = slowRoute();
    const app = await host.start((express) => {
      slow.route(express);
      express.get('/next', (req, res) => void res.json({ next: req.session.next }));
    });
    const { browser, account } = await signedIn(host, app);
    const running = browser.post('/slow?next=/x');
    await slow.arrived(1);
    const next = who.startsWith('the same') ? account : await host.user();
    await browser.post(`/sign-in?user=${next.user.id}`);
    slow.goOn();
    const answer = await running;
    expect([answer.status, answer.setCookies]).toEqual([status, []]);
    expect((await browser.get('/me')).json()).toMatchObject({ signedIn: true, user: { id: next.user.id } });
    // Acknowledged changes are stored.
    expect((await browser.get('/next')).json()).toEqual(status === 200 ? { next: '/x' } : {});
  });

  test.each<[string, (req: Request) => Promise<boolean>]>([
    ['reauthenticate', (req) => sessionOf(req).reauthenticate({ credentialEpoch: 0 })],
    ['cycle', (req) => sessionOf(req).cycle()],
  ])('%s creates no new secret, and says so', async (_name, renewed) => {
    const slow = slowRoute(async (req, res) => void res.json({ renewed: await renewed(req) }));
    const app = await host.start(slow.route);
    const { browser, account } = await signedIn(host, app);
    const running = at(app, browser).post('/slow');
    await slow.arrived(1);
    await browser.post('/sign-out');
    slow.goOn();
    const answer = await running;
    expect(answer.json()).toEqual({ renewed: false });
    expect(answer.setCookies).toEqual([]);
    expect((await app.engine.listByUser(account.user.id)).sessions).toEqual([]);
  });

  test('whose secret was changed: requests with the old one are refused after its grace period and keep the browser’s new cookie', async () => {
    const app = await host.start((express) => {
      express.post('/cycle', async (req, res) => void res.json(await sessionOf(req).cycle()));
    });
    const { browser } = await signedIn(host, app);
    const late = at(app, browser);
    await browser.post('/cycle');
    const early = await late.get('/me');
    expect([early.json(), early.setCookies]).toEqual([expect.objectContaining({ signedIn: true }), []]);
    await browser.get('/me');
    host.clock.advance(PREVIOUS_SECRET_GRACE_MS);
    const answer = await late.get('/me');
    expect([answer.json(), answer.setCookies]).toEqual([{ signedIn: false, reason: 'SESSION_ENDED' }, []]);
    expect((await browser.get('/me')).json()).toMatchObject({ signedIn: true });
    // A sign-out with it is meant for the session, and removes the cookie.
    expect((await late.post('/sign-out')).setCookies).toEqual([expect.stringMatching(/^sid=; Max-Age=0/)]);
    expect((await browser.get('/me')).json()).toMatchObject({ signedIn: false });
  });

  test.each<[string, (app: TestApp, userId: string) => Promise<unknown>]>([
    ['revoked by its user in another session', (app, userId) => app.engine.destroyByUser(userId)],
    ['the user is suspended', (_app, userId) => host.accounts.suspend(userId)],
    ['the password is changed', (_app, userId) => host.accounts.raiseEpoch(userId)],
    ['the user is deleted', (_app, userId) => host.accounts.remove(userId)],
  ])('%s', async (_name, end) => {
    const slow = slowRoute();
    const app = await host.start(slow.route);
    const { browser, account } = await signedIn(host, app);
    const running = at(app, browser).post('/slow?next=/x');
    await slow.arrived(1);
    await end(app, account.user.id);
    slow.goOn();
    expect((await running).json()).toMatchObject({ error: { reason: 'SESSION_ENDED' } });
    expect((await browser.get('/me')).json()).toMatchObject({ signedIn: false });
  });

  test('update() and commit() tell the handler', async () => {
    const told: unknown[] = [];
    const app = await host.start((express) =>
      express.post('/told', async (req, res) => {
        const session = sessionOf(req);
        await app.engine.destroyByUser(String(req.session.userId));
        if (req.query['by'] === 'update')
          await session
            .update((data) => Object.assign(data, { next: '/x' }))
            .catch((error: unknown) => told.push((error as { code: string }).code));
        else {
          Object.assign(req.session, { next: '/x' });
          told.push(await session.commit());
        }
        told.push(session.state());
        res.json({});
      }),
    );
    for (const by of ['update', 'commit']) await (await signedIn(host, app)).browser.post(`/told?by=${by}`);
    const ended = { signedIn: false, reason: 'SESSION_ENDED' };
    expect(told).toEqual(['SESSION_ENDED', ended, { ok: false, reason: 'SESSION_ENDED' }, ended]);
  });

  test('a request that only reads gets the state from its start', async () => {
    const slow = slowRoute();
    const app = await host.start(slow.route);
    const { browser } = await signedIn(host, app);
    const running = at(app, browser).get('/slow');
    await slow.arrived(1);
    await browser.post('/sign-out');
    slow.goOn();
    expect((await running).status).toBe(200);
    expect((await browser.get('/me')).json()).toMatchObject({ signedIn: false });
  });

  test.each(['in', 'out'])('a slow request that slid keeps the cookie of a browser that has signed %s in between', async (signs) => {
    const slow = slowRoute(async (_req, res) => void res.json({}));
    const app = await host.start(slow.route);
    const { browser, account } = await signedIn(host, app);
    host.clock.advance(LIFETIMES.activityIntervalMs);
    const running = at(app, browser).get('/slow');
    await slow.arrived(1);
    await browser.post(signs === 'in' ? `/sign-in?user=${account.user.id}` : '/sign-out');
    host.clock.advance(200);
    slow.goOn();
    expect((await running).setCookies).toEqual([]);
  });

  test('a slow request that slid, and whose session is live, renews the cookie', async () => {
    const slow = slowRoute(async (_req, res) => void res.json({}));
    const app = await host.start(slow.route);
    const { browser } = await signedIn(host, app);
    host.clock.advance(LIFETIMES.activityIntervalMs);
    const running = browser.get('/slow');
    await slow.arrived(1);
    host.clock.advance(200);
    slow.goOn();
    expect((await running).setCookies).toHaveLength(1);
  });

  test('two concurrent sign-outs both succeed', async () => {
    const app = await host.start();
    const { browser } = await signedIn(host, app);
    const answers = await Promise.all([at(app, browser).post('/sign-out'), at(app, browser).post('/sign-out')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });
});

const BY_SIGNING_IN = new Set(['cookie', 'loginTime', 'authenticatedAt']);

describe('semantics 30: two concurrent requests of one session', () => {
  test('different keys: both are kept, in 10 of 10 tries', async () => {
    const slow = slowRoute();
    const app = await host.start((express) => {
      slow.route(express);
      express.get(
        '/data',
        (req, res) => void res.json(Object.fromEntries(Object.entries(req.session).filter(([key]) => !BY_SIGNING_IN.has(key)))),
      );
    });
    for (let attempt = 0; attempt < 10; attempt++) {
      const { browser } = await signedIn(host, app);
      const running = [browser.post('/slow?cart=full'), browser.post('/slow?theme=dark')];
      await slow.arrived(2);
      slow.goOn();
      expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200]);
      expect((await browser.get('/data')).json()).toEqual({ cart: 'full', theme: 'dark' });
    }
  });
});

describe('semantics 31: 100 concurrent increments through update', () => {
  const route = (express: Express): void => {
    express.post('/increment', async (req, res) => {
      await sessionOf(req).update((data) => Object.assign(data, { count: Number(data['count'] ?? 0) + 1 }));
      res.json({});
    });
    express.post('/increments', async (req, res) => {
      await Promise.all(
        Array.from({ length: 100 }, () => sessionOf(req).update((data) => Object.assign(data, { count: Number(data['count'] ?? 0) + 1 }))),
      );
      res.json({ seen: (req.session as unknown as Record<string, unknown>)['count'] });
    });
    express.get('/count', (req, res) => void res.json({ count: (req.session as unknown as Record<string, unknown>)['count'] }));
  };

  test.each([1, 2])('in %i processes give 100', async (processes) => {
    const apps = await Promise.all(Array.from({ length: processes }, () => host.start(route)));
    const { browser } = await signedIn(host, apps[0] as TestApp);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => at(apps[index % processes] as TestApp, browser).post('/increment')),
    );
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect((await browser.get('/count')).json()).toEqual({ count: 100 });
  });

  test('within one request give 100, and the request sees it', async () => {
    const app = await host.start(route);
    const { browser } = await signedIn(host, app);
    expect((await browser.post('/increments')).json()).toEqual({ seen: 100 });
    expect((await browser.get('/count')).json()).toEqual({ count: 100 });
  });

  test('in a new session', async () => {
    const app = await host.start(route);
    const browser = app.browser();
    await browser.post('/increment');
    await Promise.all(Array.from({ length: 9 }, () => browser.post('/increment')));
    expect((await browser.get('/count')).json()).toEqual({ count: 10 });
  });

  test('update keeps the request’s unsaved changes and adds other requests’ changes', async () => {
    const app = await host.start((express) =>
      express.post('/mixed', async (req, res) => {
        const data = req.session as unknown as Record<string, unknown>;
        Object.assign(data, { mine: 1 });
        const other = await app.engine.find(req.sessionID);
        if (!other) throw new Error('It is live.');
        await app.engine.update(other.record.handle, {
          expectedVersion: other.record.version,
          data: { ...other.record.data, theirs: 2 },
          timestamps: other.record,
        });
        await sessionOf(req).update((stored) => Object.assign(stored, { updated: 3 }));
        res.json({ ...data, cookie: undefined, loginTime: undefined, authenticatedAt: undefined });
      }),
    );
    const { browser } = await signedIn(host, app);
    expect((await browser.post('/mixed')).json()).toEqual({ mine: 1, theirs: 2, updated: 3 });
  });
});

describe('semantics 32: two concurrent sign-ins in one browser', () => {
  test.each(['anonymous', 'signed in'])('over a session that is %s: one gets a conflict, and one session is left', async (before) => {
    const app = await host.start((express) =>
      express.post('/begin', (req, res) => {
        Object.assign(req.session, { next: '/x' });
        res.json({});
      }),
    );
    const account = await host.user();
    const browser = before === 'signed in' ? (await signedIn(host, app, account)).browser : app.browser();
    await browser.post('/begin');
    const tabs = [at(app, browser), at(app, browser)];
    const answers = await Promise.all(tabs.map((tab) => tab.post(`/sign-in?user=${account.user.id}`)));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409]);
    const loser = answers.find(({ status }) => status === 409);
    expect([loser?.json(), loser?.setCookies]).toEqual([{ error: { reason: 'CONFLICT', message: expect.any(String) } }, []]);
    expect((await app.engine.listByUser(account.user.id)).sessions).toHaveLength(1);
    const alive = await Promise.all(tabs.map(async (tab) => (await tab.get('/me')).json<{ signedIn: boolean }>().signedIn));
    expect(alive).toEqual(answers.map(({ status }) => status === 200));
  });

  test('also in sequence', async () => {
    const app = await host.start();
    const { browser, account } = await signedIn(host, app);
    await browser.post(`/sign-in?user=${account.user.id}`);
    expect((await app.engine.listByUser(account.user.id)).sessions).toHaveLength(1);
  });
});

test.each([
  ['out, then in', ['out', 'in'], true],
  ['in, then out', ['in', 'out'], false],
] as const)(
  'semantics 32: signing %s in the calls of one batch happens in order and leaves no orphan',
  async (_name, calls, isSignedIn) => {
    const owner = await host.user();
    const app = await host.start((express) =>
      express.post('/batch', async (req, res) => {
        const session = sessionOf(req);
        const call = { in: () => session.signIn(owner.user, { credentialEpoch: 0 }), out: () => session.flush() };
        await Promise.all([...calls.map((name) => call[name]()), session.commit()]);
        res.json({});
      }),
    );
    const { browser } = await signedIn(host, app, owner);
    await browser.post('/batch');
    expect((await browser.get('/me')).json()).toMatchObject({ signedIn: isSignedIn });
    expect((await app.engine.listByUser(owner.user.id)).sessions).toHaveLength(isSignedIn ? 1 : 0);
  },
);

test('semantics 38: a changed role shows in every open session on its next request, also in another process', async () => {
  const [app, other] = [await host.start(), await host.start()];
  const { browser, account } = await signedIn(host, app);
  const elsewhere = (await signedIn(host, other, account)).browser;
  await host.accounts.setRole(account.user.id, 'admin');
  for (const one of [browser, elsewhere, at(other, browser)])
    expect((await one.get('/me')).json()).toMatchObject({ user: { role: 'admin' } });
});
