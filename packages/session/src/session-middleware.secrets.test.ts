import type { Express } from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import { LOST_ROTATION_MS, PREVIOUS_SECRET_GRACE_MS } from './secrets.ts';
import { sessionOf } from './session-middleware.ts';
import { handleIn, secretIn, type Answer, type Browser } from './test-support/browser.ts';
import { at, createTestHost, signedIn, withCalls, type TestApp, type TestHost } from './test-support/session-app.ts';
import { slowRoute } from './test-support/slow-route.ts';
import { cookieOf, dataRoutes, isSignedIn } from './test-support/data-routes.ts';

/** A rotation changes only the secret in the cookie. Responses may be late or lost, and several tabs share one cookie. */

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterEach(() => host.stopApps());
afterAll(() => host.dispose());

/** Longer than a request may take before its cookie is checked again. */
const SLOW_MS = 200;

function routes(express: Express): void {
  express.post('/cycle', async (req, res) => void res.json({ cycled: await sessionOf(req).cycle() }));
  dataRoutes(express);
}

/** A browser that has rotated, and another of its tabs with the cookie from before. */
async function rotated(app: TestApp) {
  const { browser, account } = await signedIn(host, app);
  const late = at(app, browser);
  expect((await browser.post('/cycle')).json()).toEqual({ cycled: true });
  expect(handleIn(cookieOf(browser))).toBe(handleIn(cookieOf(late)));
  expect(secretIn(cookieOf(browser))).not.toBe(secretIn(cookieOf(late)));
  return { browser, late, account };
}

function expectConflict(answer: Answer): void {
  expect([answer.status, answer.setCookies]).toEqual([409, []]);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.json()).toMatchObject({ error: { reason: 'CONFLICT' } });
}

const reload = (req: import('express').Request): Promise<void> =>
  new Promise((resolve, reject) => {
    req.session.reload((error: unknown) => (error ? reject(error) : resolve()));
  });

describe('semantics 7, 47 and 48: the secret before a rotation', () => {
  test('is valid until 5 seconds after the new one is first presented; requests with it can change data and get no cookie', async () => {
    const app = await host.start(routes);
    const { browser, late } = await rotated(app);
    for (const ms of [LOST_ROTATION_MS, 86_400_000]) {
      host.clock.advance(ms);
      // It slides but sends no cookie, because that would be the old one.
      expect((await late.get('/me')).setCookies).toEqual([]);
      const put = await late.post(`/put?next=/${ms}`);
      expect([put.status, put.setCookies]).toEqual([200, []]);
    }
    expect((await browser.get('/data')).json()).toEqual({ next: '/86400000' });
    host.clock.advance(PREVIOUS_SECRET_GRACE_MS - 1);
    expect(await isSignedIn(late)).toBe(true);
    host.clock.advance(1);
    expect((await late.get('/me')).json()).toEqual({ signedIn: false, reason: 'SESSION_ENDED' });
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('does not extend its own grace period', async () => {
    const app = await host.start(routes);
    const { browser, late } = await rotated(app);
    await browser.get('/me');
    for (let second = 1; second < 5; second += 1) {
      host.clock.advance(1000);
      expect(await isSignedIn(late)).toBe(true);
    }
    host.clock.advance(1000);
    expect(await isSignedIn(late)).toBe(false);
  });

  test.each([
    ['while the response with the new one may be on its way', () => undefined],
    ['in its grace period', (browser: Browser) => browser.get('/me')],
  ])('does not rotate again %s: 409, in a page too', async (_name, before) => {
    const app = await host.start(routes);
    const { browser, late } = await rotated(app);
    await before(browser);
    host.clock.advance(LOST_ROTATION_MS - 1);
    for (const path of ['/cycle', '/prove']) {
      expectConflict(await late.post(path));
      const page = await late.post(path, { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } });
      expect([page.status, page.headers.get('location'), page.setCookies]).toEqual([409, null, []]);
      expect(page.headers.get('content-type')).toMatch(/^text\/plain/);
    }
    expect((await browser.post('/cycle')).json()).toEqual({ cycled: true });
  });

  test('rotates again once the response with the new one must have been lost; that one is invalid then', async () => {
    const app = await host.start(routes);
    const { browser: lost, late } = await rotated(app);
    const first = at(app, late);
    host.clock.advance(LOST_ROTATION_MS);
    expect((await late.post('/cycle')).json()).toEqual({ cycled: true });
    expect(await isSignedIn(lost)).toBe(false);
    // Of two concurrent retries, one is late again.
    expectConflict(await first.post('/cycle'));
    expect(await isSignedIn(late)).toBe(true);
  });

  test('of two concurrent rotations, one gets a conflict', async () => {
    const app = await host.start(routes);
    const { browser } = await signedIn(host, app);
    const tabs = [browser, at(app, browser)];
    const answers = await Promise.all(tabs.map((tab) => tab.post('/cycle')));
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 409]);
    for (const tab of tabs) expect(await isSignedIn(tab)).toBe(true);
  });

  test('is refused at once after a re-authentication, which keeps the id', async () => {
    const app = await host.start(routes);
    const { browser } = await signedIn(host, app);
    const late = at(app, browser);
    expect((await browser.post('/prove')).json()).toEqual({ proved: true });
    expect(handleIn(cookieOf(browser))).toBe(handleIn(cookieOf(late)));
    const answer = await late.get('/me');
    expect([answer.json(), answer.setCookies]).toEqual([{ signedIn: false, reason: 'SESSION_ENDED' }, []]);
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('is refused during a request that reloads its session', async () => {
    const slow = slowRoute(async (req, res) => {
      const outcome = await reload(req).then(
        () => 'loaded',
        (error: unknown) => (error as { code: string }).code,
      );
      res.json({ outcome, state: sessionOf(req).state() });
    });
    const app = await host.start((express) => {
      routes(express);
      slow.route(express);
    });
    const { browser } = await signedIn(host, app);
    const running = at(app, browser).post('/slow');
    await slow.arrived(1);
    await browser.post('/prove');
    slow.goOn();
    const answer = await running;
    expect(answer.json()).toEqual({ outcome: 'SESSION_ENDED', state: { signedIn: false, reason: 'SESSION_ENDED' } });
    expect(answer.setCookies).toEqual([]);
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('is refused at once after a re-authentication that followed a rotation', async () => {
    const app = await host.start(routes);
    const { browser, late } = await rotated(app);
    await browser.post('/prove');
    expect(await isSignedIn(late)).toBe(false);
  });

  test.each(['/cycle', '/prove'])('still signs out, however old, after %s', async (path) => {
    const app = await host.start(routes);
    const { browser } = await signedIn(host, app);
    const late = at(app, browser);
    for (let n = 0; n < 3; n += 1) {
      await browser.post(path);
      host.clock.advance(PREVIOUS_SECRET_GRACE_MS);
      await browser.get('/me');
    }
    expect(await isSignedIn(late)).toBe(false);
    const answer = await late.post('/sign-out');
    expect([answer.status, answer.setCookies]).toEqual([200, [expect.stringMatching(/^sid=; Max-Age=0/)]]);
    expect(await isSignedIn(browser)).toBe(false);
  });
});

describe('the cookie of a stored change of the secret', () => {
  test.each<[string, (req: import('express').Request) => Promise<unknown>]>([
    ['cycle', (req) => sessionOf(req).cycle()],
    ['reauthenticate', (req) => sessionOf(req).reauthenticate({ credentialEpoch: 0 })],
  ])('is sent with a 5xx too: %s', async (_name, change) => {
    const app = await host.start((express) => {
      routes(express);
      express.post('/fail', async (req, res) => {
        await change(req);
        Object.assign(req.session, { next: '/not' });
        res.status(500).json({});
      });
      express.post('/throw', async (req) => {
        await change(req);
        throw new Error('afterwards');
      });
    });
    const { browser } = await signedIn(host, app);
    for (const path of ['/fail', '/throw']) {
      const before = cookieOf(browser);
      const answer = await browser.post(path);
      expect([answer.status, answer.setCookies.length]).toEqual([500, 1]);
      expect(secretIn(cookieOf(browser))).not.toBe(secretIn(before));
      expect((await browser.get('/data')).json()).toEqual({});
      expect(await isSignedIn(browser)).toBe(true);
    }
  });

  test('is sent with a 5xx too: signing in', async () => {
    const owner = await host.user();
    const app = await host.start((express) =>
      express.post('/fail', async (req) => {
        await sessionOf(req).signIn(owner.user, { credentialEpoch: 0 });
        throw new Error('afterwards');
      }),
    );
    const browser = app.browser();
    expect((await browser.post('/fail')).status).toBe(500);
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('is sent although the storage cannot confirm that it is the newest; a renewal is not', async () => {
    let isAway = false;
    const slow = slowRoute(async (req, res) => {
      if (req.method === 'POST') await sessionOf(req).cycle();
      isAway = true;
      host.clock.advance(SLOW_MS);
      res.json({});
    });
    const app = await host.start(slow.route, {
      engine: withCalls((engine) => ({ find: (handle) => (isAway ? Promise.reject(new Error('unavailable')) : engine.find(handle)) })),
    });
    for (const [method, cookies] of [
      ['get', 0],
      ['post', 1],
    ] as const) {
      isAway = false;
      const { browser } = await signedIn(host, app);
      host.clock.advance(LIFETIMES.activityIntervalMs);
      const running = browser[method]('/slow');
      await slow.arrived(1);
      slow.goOn();
      const answer = await running;
      expect([answer.status, answer.setCookies.length]).toEqual([200, cookies]);
    }
  });

  test('is the last of several, and the browser’s cookie stays valid until it has arrived', async () => {
    const app = await host.start((express) => {
      routes(express);
      express.post('/twice', async (req, res) => {
        await sessionOf(req).cycle();
        await sessionOf(req).cycle();
        res.json({});
      });
      express.post('/prove-and-cycle', async (req, res) => {
        await sessionOf(req).reauthenticate({ credentialEpoch: 0 });
        await sessionOf(req).cycle();
        res.json({});
      });
    });
    const { browser } = await signedIn(host, app);
    const late = at(app, browser);
    expect((await browser.post('/twice')).setCookies).toHaveLength(1);
    expect(await isSignedIn(late)).toBe(true);
    expect(await isSignedIn(browser)).toBe(true);
    const refused = at(app, browser);
    await browser.post('/prove-and-cycle');
    expect(await isSignedIn(refused)).toBe(false);
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('does not count as presented because its own request reloads the session', async () => {
    const app = await host.start((express) =>
      express.post('/cycle-and-reload', async (req, res) => {
        await sessionOf(req).cycle();
        await reload(req);
        res.json({ user: req.session.userId });
      }),
    );
    const { browser, account } = await signedIn(host, app);
    const late = at(app, browser);
    expect((await browser.post('/cycle-and-reload')).json()).toEqual({ user: account.user.id });
    host.clock.advance(PREVIOUS_SECRET_GRACE_MS);
    expect(await isSignedIn(late)).toBe(true);
  });

  test.each<[string, (session: ReturnType<typeof sessionOf>) => Promise<unknown>[]]>([
    ['rotates, then updates', (session) => [session.cycle(), session.update((data) => void (data['by'] = 'update'))]],
    ['updates, then rotates', (session) => [session.update((data) => void (data['by'] = 'update')), session.cycle()]],
    [
      're-authenticates, then updates',
      (session) => [session.reauthenticate({ credentialEpoch: 0 }), session.update((data) => void (data['by'] = 'update'))],
    ],
  ])('is sent with a batch that %s at once', async (_name, calls) => {
    const app = await host.start((express) => {
      routes(express);
      express.post('/batch', async (req, res) => {
        await Promise.all(calls(sessionOf(req)));
        res.json({});
      });
    });
    const { browser } = await signedIn(host, app);
    const before = cookieOf(browser);
    expect((await browser.post('/batch')).setCookies).toHaveLength(1);
    expect(secretIn(cookieOf(browser))).not.toBe(secretIn(before));
    expect((await browser.get('/data')).json()).toEqual({ by: 'update' });
  });

  test('is sent if the session is first used while the secret changes', async () => {
    const app = await host.start((express) => {
      routes(express);
      express.post('/beside', async (req, res) => {
        const cycling = sessionOf(req).cycle();
        await Promise.resolve();
        Object.assign(req.session, { next: '/beside' });
        res.json({ cycled: await cycling });
      });
    });
    const { browser } = await signedIn(host, app);
    const before = cookieOf(browser);
    expect((await browser.post('/beside')).setCookies).toHaveLength(1);
    expect(secretIn(cookieOf(browser))).not.toBe(secretIn(before));
    expect((await browser.get('/data')).json()).toEqual({ next: '/beside' });
  });

  test('is stored together with the request’s unsaved changes', async () => {
    const app = await host.start((express) => {
      routes(express);
      express.post('/change', async (req, res) => {
        Object.assign(req.session, { next: '/with' });
        await sessionOf(req).cycle();
        res.status(500).json({});
      });
    });
    const { browser } = await signedIn(host, app);
    await browser.post('/change');
    expect((await browser.get('/data')).json()).toEqual({ next: '/with' });
  });
});

describe('a slow response does not overwrite a newer cookie', () => {
  /** A slow request that did this at its start; then the other tab rotates and presents the new cookie. */
  async function behind(
    begin: (req: import('express').Request) => unknown,
    meanwhile: (tab: Browser) => Promise<unknown>,
  ): Promise<Answer> {
    const begun = Promise.withResolvers<void>();
    const slow = slowRoute(async (_req, res) => void res.json({}));
    const app = await host.start((express) => {
      routes(express);
      express.use('/slow', async (req, _res, next) => {
        await begin(req);
        begun.resolve();
        next();
      });
      slow.route(express);
    });
    const { browser } = await signedIn(host, app);
    host.clock.advance(LIFETIMES.activityIntervalMs);
    const other = at(app, browser);
    const running = browser.post('/slow');
    await begun.promise;
    await slow.arrived(1);
    await meanwhile(other);
    host.clock.advance(SLOW_MS);
    slow.goOn();
    const answer = await running;
    expect(await isSignedIn(other)).toBe(true);
    return answer;
  }
  const rotate = (tab: Browser) => tab.post('/cycle');

  test('when its session slid', async () => {
    expect((await behind(() => undefined, rotate)).setCookies).toEqual([]);
  });

  test('when its request stored something before', async () => {
    const put = async (req: import('express').Request) => {
      Object.assign(req.session, { next: '/early' });
      await sessionOf(req).commit();
    };
    expect((await behind(put, rotate)).setCookies).toEqual([]);
    // Without a rotation the cookie is renewed.
    expect((await behind(put, async () => undefined)).setCookies).toHaveLength(1);
  });

  test('when its request stores something at its end', async () => {
    const change = (req: import('express').Request): void => void Object.assign(req.session, { next: '/late' });
    expect((await behind(change, rotate)).setCookies).toEqual([]);
  });

  test('after a rotation whose response was considered lost', async () => {
    const cycle = (req: import('express').Request) => sessionOf(req).cycle();
    const rotateAgain = async (tab: Browser): Promise<void> => {
      host.clock.advance(LOST_ROTATION_MS);
      expect((await tab.post('/cycle')).status).toBe(200);
    };
    expect((await behind(cycle, rotateAgain)).setCookies).toEqual([]);
  });
});

test('semantics 28: a rotation never revives a session that was ended', async () => {
  const app = await host.start(
    (express) => express.post('/cycle', async (req, res) => void res.json({ cycled: await sessionOf(req).cycle() })),
    {
      engine: withCalls((engine) => ({
        update: async (handle, update) => {
          await engine.destroy(handle);
          return engine.update(handle, update);
        },
      })),
    },
  );
  const { browser } = await signedIn(host, app);
  const answer = await browser.post('/cycle');
  expect([answer.json(), answer.setCookies]).toEqual([{ cycled: false }, []]);
  expect((await browser.get('/me')).json()).toEqual({ signedIn: false, reason: 'SESSION_ENDED' });
});
