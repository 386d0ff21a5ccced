import signature from 'cookie-signature';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import { sessionOf } from './request-context.ts';
import { cookieOf, dataRoutes, isSignedIn } from './test-support/data-routes.ts';
import { at, createTestHost, signedIn, withCalls, type TestHost } from './test-support/session-app.ts';
import { slowRoute } from './test-support/slow-route.ts';

// A response that arrives after that of another request of the same browser must not bring an older cookie back: the browser would be
// signed out.

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterAll(() => host.dispose());

/** Runs once, while a storage operation that has been executed is not acknowledged yet. */
function meanwhile() {
  let work: (() => Promise<void>) | undefined;
  return {
    set: (next: () => Promise<void>): void => void (work = next),
    async run(): Promise<void> {
      const due = work;
      work = undefined;
      if (!due) return;
      await due();
      host.clock.advance(1500);
    },
  };
}

test.each([
  ['/put?a=1', '/prove'],
  ['/put?a=1', '/sign-in'],
  ['/update', '/prove'],
])('a write by %s that is acknowledged after %s of another tab was answered', async (write, path) => {
  const between = meanwhile();
  const engine = withCalls((real) => ({
    async update(handle, update) {
      const outcome = await real.update(handle, update);
      if (!update.secrets) await between.run();
      return outcome;
    },
  }));
  const app = await host.start(
    (routes) => {
      dataRoutes(routes);
      routes.post('/update', async (req, res) => {
        await sessionOf(req).update((data) => void Object.assign(data, { a: 1 }));
        res.json({});
      });
    },
    { engine },
  );
  const { browser } = await signedIn(host, app);
  const tab = at(app, browser);
  const bob = await host.user();
  between.set(async () => {
    expect((await tab.post(path === '/prove' ? path : `${path}?user=${bob.user.id}`)).status).toBe(200);
  });
  expect(await browser.post(write)).toMatchObject({ status: 200, setCookies: [] });
  expect(await isSignedIn(tab)).toBe(true);
});

test('a load that renews the session and is answered after a re-authentication of another tab', async () => {
  const between = meanwhile();
  const engine = withCalls((real) => ({
    async load(handle, request) {
      const outcome = await real.load(handle, request);
      await between.run();
      return outcome;
    },
  }));
  const app = await host.start(dataRoutes, { engine });
  const { browser } = await signedIn(host, app);
  const tab = at(app, browser);
  host.clock.advance(LIFETIMES.activityIntervalMs);
  between.set(async () => {
    expect((await tab.post('/prove')).status).toBe(200);
  });
  expect(await browser.get('/me')).toMatchObject({ status: 200, setCookies: [] });
  expect(await isSignedIn(tab)).toBe(true);
});

test.each([false, true])('a slow request beside a re-authentication; with an older cookie of ours: %s', async (hasOlder) => {
  const slow = slowRoute(async (_req, res) => void res.json({}));
  const app = await host.start((routes) => {
    dataRoutes(routes);
    slow.route(routes);
  });
  const { browser } = await signedIn(host, app);
  // Left by an earlier setting of the path.
  const older = encodeURIComponent(`s:${signature.sign(`ses_${'A'.repeat(27)}.${'x'.repeat(49)}`, 'a secret of the tests')}`);
  const cookie = [`sid=${cookieOf(browser)}`, ...(hasOlder ? [`sid=${older}`] : [])].join('; ');
  const running = fetch(`${app.url}/slow`, { headers: { cookie } });
  await slow.arrived(1);
  expect((await browser.post('/prove')).json()).toEqual({ proved: true });
  host.clock.advance(300);
  slow.goOn();
  const sent = (await running).headers.getSetCookie();
  expect(sent.filter((header) => header.startsWith('sid=s'))).toEqual([]);
  expect(await isSignedIn(browser)).toBe(true);
});

test('an error after a successful write: its response brings no cookie back that a re-authentication has replaced', async () => {
  let meanwhileProve = async (): Promise<void> => {};
  const app = await host.start((routes) => {
    dataRoutes(routes);
    routes.post('/half', async (req, res) => {
      await sessionOf(req).update((data) => void Object.assign(data, { a: 1 }));
      await meanwhileProve();
      host.clock.advance(3000);
      Object.assign(req.session, { big: 1n });
      res.json({});
    });
  });
  const { browser } = await signedIn(host, app);
  const tab = at(app, browser);
  meanwhileProve = async () => {
    expect((await tab.post('/prove')).status).toBe(200);
  };
  expect(await browser.post('/half')).toMatchObject({ status: 500, setCookies: [] });
  expect(await isSignedIn(tab)).toBe(true);
});
