import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Express } from 'express';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import { sessionOf } from './session-middleware.ts';
import type { Browser } from './test-support/browser.ts';
import { createTestHost, signedIn, type TestHost } from './test-support/session-app.ts';

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterEach(() => host.stopApps());
afterAll(() => host.dispose());

interface Me {
  readonly signedIn: boolean;
  readonly reason?: string;
  readonly session: {
    readonly expires: string;
    readonly lastActivity: string;
    readonly absoluteExpires: string;
    readonly untilBrowserCloses: boolean;
  };
}
const me = async (browser: Browser): Promise<Me> => (await browser.get('/me')).json<Me>();
const endsInMs = async (browser: Browser): Promise<number> => Date.parse((await me(browser)).session.expires) - host.clock.now();

const expiryRoute = (express: Express): void =>
  void express.post('/expiry', async (req, res) => {
    const { seconds, date } = req.query;
    sessionOf(req).setExpiry(seconds !== undefined ? Number(seconds) : date !== undefined ? new Date(Number(date)) : null);
    res.json({});
  });

describe('semantics 14: sliding', () => {
  test('a request renews the expiry and the cookie’s age', async () => {
    const { browser } = await signedIn(host, await host.start());
    host.clock.advance(86_400_000);
    const answer = await browser.get('/me');
    expect(answer.setCookies).toEqual([expect.stringContaining('Max-Age=1209600;')]);
    expect(await endsInMs(browser)).toBe(LIFETIMES.ageMs);
  });

  test('with sliding off, only a change renews it', async () => {
    const app = await host.start(
      (express) =>
        express.post('/put', (req, res) => {
          Object.assign(req.session, { next: '/x' });
          res.json({});
        }),
      { lifetimes: { sliding: false } },
    );
    const { browser } = await signedIn(host, app);
    host.clock.advance(86_400_000);
    expect(await endsInMs(browser)).toBe(LIFETIMES.ageMs - 86_400_000);
    await browser.post('/put');
    expect(await endsInMs(browser)).toBe(LIFETIMES.ageMs);
  });
});

describe('semantics 17: setExpiry, as in Django', () => {
  test('seconds', async () => {
    const { browser } = await signedIn(host, await host.start(expiryRoute));
    const answer = await browser.post('/expiry?seconds=300');
    expect(answer.setCookies).toEqual([expect.stringContaining('Max-Age=300;')]);
    host.clock.advance(100_000);
    expect(await endsInMs(browser)).toBe(300_000);
    host.clock.advance(300_000);
    expect(await me(browser)).toMatchObject({ signedIn: false, reason: 'SESSION_EXPIRED' });
  });

  test('a date', async () => {
    const { browser } = await signedIn(host, await host.start(expiryRoute));
    const answer = await browser.post(`/expiry?date=${host.clock.now() + 120_000}`);
    expect(answer.setCookies).toEqual([expect.stringContaining('Max-Age=120;')]);
    host.clock.advance(60_000);
    expect(await endsInMs(browser)).toBe(60_000);
    // Pages say that activity does not move it.
    const { expires, absoluteExpires } = (await me(browser)).session;
    expect(absoluteExpires).toBe(expires);
    host.clock.advance(60_000);
    expect(await me(browser)).toMatchObject({ signedIn: false, reason: 'SESSION_EXPIRED' });
  });

  test('0: until the browser closes', async () => {
    const { browser } = await signedIn(host, await host.start(expiryRoute));
    const [cookie] = (await browser.post('/expiry?seconds=0')).setCookies;
    expect(cookie).not.toMatch(/max-age|expires/i);
    expect((await me(browser)).session.untilBrowserCloses).toBe(true);
    expect(await endsInMs(browser)).toBe(LIFETIMES.ageMs);
  });

  test('null: follow the settings again', async () => {
    const { browser } = await signedIn(host, await host.start(expiryRoute));
    await browser.post('/expiry?seconds=300');
    expect((await browser.post('/expiry')).setCookies).toEqual([expect.stringContaining('Max-Age=1209600;')]);
    expect(await endsInMs(browser)).toBe(LIFETIMES.ageMs);
  });

  test('an unchanged expiry causes no write and no cookie', async () => {
    const { browser } = await signedIn(host, await host.start(expiryRoute));
    await browser.post('/expiry?seconds=300');
    expect((await browser.post('/expiry?seconds=300')).setCookies).toEqual([]);
  });

  test.each(['-1', '1.5', 'NaN', 'Infinity', '2147483648'])('%s seconds are refused', async (seconds) => {
    const app = await host.start(expiryRoute);
    const { browser } = await signedIn(host, app);
    expect((await browser.post(`/expiry?seconds=${seconds}`)).status).toBe(500);
    expect(app.errors).toEqual([expect.any(RangeError)]);
    expect(await endsInMs(browser)).toBe(LIFETIMES.ageMs);
  });

  test('on a new session', async () => {
    const app = await host.start((express) =>
      express.post('/begin', (req, res) => {
        Object.assign(req.session, { next: '/x' });
        sessionOf(req).setExpiry(60);
        res.json({});
      }),
    );
    expect((await app.browser().post('/begin')).setCookies).toEqual([expect.stringContaining('Max-Age=60;')]);
  });

  test('it is kept when the secret changes', async () => {
    const app = await host.start((express) => {
      expiryRoute(express);
      express.post('/cycle', async (req, res) => {
        if (req.query['seconds'] !== undefined) sessionOf(req).setExpiry(Number(req.query['seconds']));
        await sessionOf(req).cycle();
        res.json({});
      });
    });
    const { browser } = await signedIn(host, app);
    await browser.post('/expiry?seconds=300');
    await browser.post('/cycle');
    expect(await endsInMs(browser)).toBe(300_000);
    await browser.post('/cycle?seconds=200');
    expect(await endsInMs(browser)).toBe(200_000);
  });
});

describe('semantics 18: until the browser closes', () => {
  test('by the settings: neither Max-Age nor Expires, and an end on the server', async () => {
    const app = await host.start(undefined, { lifetimes: { expireAtBrowserClose: true } });
    const browser = app.browser();
    const [cookie] = (await browser.post(`/sign-in?user=${(await host.user()).user.id}`)).setCookies;
    expect(cookie).toMatch(/^sid=s%3A/);
    expect(cookie).not.toMatch(/max-age|expires/i);
    host.clock.advance(LIFETIMES.ageMs - 1);
    expect((await me(browser)).signedIn).toBe(true);
    host.clock.advance(LIFETIMES.ageMs);
    expect(await me(browser)).toMatchObject({ signedIn: false, reason: 'SESSION_EXPIRED' });
  });

  test.each([
    ['remember=true', true],
    ['remember=false', false],
  ])('%s at sign-in overrides the settings', async (query, hasAge) => {
    for (const expireAtBrowserClose of [true, false]) {
      const app = await host.start(undefined, { lifetimes: { expireAtBrowserClose } });
      const [cookie = ''] = (await app.browser().post(`/sign-in?user=${(await host.user()).user.id}&${query}`)).setCookies;
      expect(/max-age/i.test(cookie)).toBe(hasAge);
    }
  });
});

describe('semantics 19 and 20, security 3: as the browser sees it', () => {
  test('one millisecond before its end a session is served; at its end it has expired, and the cookie is left to be overwritten', async () => {
    const { browser } = await signedIn(host, await host.start(undefined, { lifetimes: { sliding: false } }));
    host.clock.advance(LIFETIMES.ageMs - 1);
    expect((await me(browser)).signedIn).toBe(true);
    host.clock.advance(1);
    const answer = await browser.get('/me');
    expect(answer.json()).toEqual({ signedIn: false, reason: 'SESSION_EXPIRED' });
    expect(answer.setCookies).toEqual([]);
    expect(await me(browser)).toEqual({ signedIn: false, reason: 'SESSION_EXPIRED' });
  });

  test('semantics 15, security 3: however active, it ends at its absolute age', async () => {
    const { browser } = await signedIn(host, await host.start());
    for (let day = 0; day < 89; day++) {
      host.clock.advance(86_400_000);
      expect((await me(browser)).signedIn).toBe(true);
    }
    expect((await browser.get('/me')).setCookies).toEqual([]);
    host.clock.advance(86_400_000);
    expect(await me(browser)).toMatchObject({ reason: 'SESSION_EXPIRED' });
  });

  test('a shorter age in the settings applies at the next request, also to the cookie', async () => {
    const { browser } = await signedIn(host, await host.start());
    const shorter = await host.start(undefined, { lifetimes: { ageMs: 600_000 } });
    const moved = shorter.browser();
    moved.cookies.set('sid', browser.cookies.get('sid') ?? '');
    host.clock.advance(1000);
    expect((await moved.get('/me')).setCookies).toEqual([expect.stringContaining('Max-Age=599;')]);
    host.clock.advance(599_000);
    expect(await me(moved)).toMatchObject({ reason: 'SESSION_EXPIRED' });
  });
});

test('semantics 21: the client’s clock changes nothing', async () => {
  const { browser } = await signedIn(host, await host.start());
  host.clock.advance(LIFETIMES.ageMs);
  const headers = { date: new Date(host.clock.now() - 86_400_000).toUTCString(), 'if-modified-since': new Date(0).toUTCString() };
  expect((await browser.get('/me', { headers })).json()).toMatchObject({ signedIn: false });
});
