import type { Express, Request } from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import { ReservedKeyError } from './errors.ts';
import { sessionOf } from './session-middleware.ts';
import type { Browser } from './test-support/browser.ts';
import { createTestHost, type AppOptions, type TestHost } from './test-support/session-app.ts';

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterEach(() => host.stopApps());
afterAll(() => host.dispose());

type AnyCookie = Record<string, unknown>;
const cookieOf = (req: Request): AnyCookie => req.session.cookie as unknown as AnyCookie;

/** A new session whose handler changes its cookie; `/read` shows it to another request. */
async function changed(change: (cookie: AnyCookie, req: Request) => unknown, options?: AppOptions) {
  const app = await host.start((express: Express) => {
    express.post('/change', (req, res) => {
      req.session.next = '/x';
      change(cookieOf(req), req);
      const { maxAge, expires, originalMaxAge } = cookieOf(req);
      res.json({ maxAge, expires, originalMaxAge });
    });
    express.get('/read', (req, res) => {
      const { maxAge, expires, originalMaxAge } = cookieOf(req);
      res.json({ next: req.session.next, maxAge, expires, originalMaxAge });
    });
  }, options);
  const browser = app.browser();
  return { app, browser, answer: await browser.post('/change') };
}

const read = async (browser: Browser) => (await browser.get('/read')).json<AnyCookie>();

describe('semantics 17: req.session.cookie.maxAge as in express-session', () => {
  test('milliseconds of inactivity: the cookie has it, it can be read, it slides, and the session ends by it', async () => {
    const { browser, answer } = await changed((cookie) => (cookie['maxAge'] = 300_000));
    expect(answer.setCookies).toEqual([expect.stringContaining('Max-Age=300;')]);
    expect(answer.json()).toMatchObject({ maxAge: 300_000, originalMaxAge: 300_000 });
    host.clock.advance(100_000);
    expect(await read(browser)).toMatchObject({ next: '/x', maxAge: 300_000, originalMaxAge: 300_000 });
    host.clock.advance(300_000);
    expect(await read(browser)).toEqual({ maxAge: null, expires: null, originalMaxAge: null });
  });

  test('on a stored session, without another change', async () => {
    const app = await host.start((express) => {
      express.post('/begin', (req, res) => {
        req.session.next = '/x';
        res.json({});
      });
      express.post('/age', (req, res) => {
        req.session.cookie.maxAge = 60_000;
        res.json({});
      });
    });
    const browser = app.browser();
    await browser.post('/begin');
    expect((await browser.post('/age')).setCookies).toEqual([expect.stringContaining('Max-Age=60;')]);
    expect((await browser.post('/age')).setCookies).toEqual([]);
  });

  test.each([
    [1, 1],
    [999, 1],
    [1000, 1],
    [1500.5, 2],
    [86_400_000, 86_400],
  ])('%d ms is %d s: rounded up', async (maxAge, seconds) => {
    const { answer } = await changed((cookie) => (cookie['maxAge'] = maxAge));
    expect(answer.setCookies).toEqual([expect.stringContaining(`Max-Age=${seconds};`)]);
  });

  test.each([400 * 86_400_000, 8000 * 365 * 86_400_000, Number.MAX_VALUE])('%d ms: limited by the absolute age', async (maxAge) => {
    const { answer } = await changed((cookie) => (cookie['maxAge'] = maxAge));
    expect(answer.json()).toMatchObject({ maxAge: LIFETIMES.absoluteAgeMs });
    expect(answer.setCookies).toEqual([expect.stringContaining(`Max-Age=${LIFETIMES.absoluteAgeMs / 1000};`)]);
  });

  test.each([0, -0, -1, -Number.MAX_VALUE])('%d ms: expires at once', async (maxAge) => {
    const { browser, answer } = await changed((cookie) => (cookie['maxAge'] = maxAge));
    expect(answer.setCookies).toEqual([expect.stringContaining('Max-Age=0;')]);
    expect((await read(browser))['next']).toBeUndefined();
  });
});

describe('semantics 17: req.session.cookie.expires', () => {
  test('a date does not slide', async () => {
    const end = (): Date => new Date(host.clock.now() + 300_000);
    const { browser, answer } = await changed((cookie) => (cookie['expires'] = end()));
    const expires = end().toISOString();
    expect(answer.setCookies).toEqual([expect.stringContaining('Max-Age=300;')]);
    expect(answer.json()).toMatchObject({ expires, maxAge: 300_000 });
    host.clock.advance(100_000);
    expect(await read(browser)).toMatchObject({ next: '/x', expires, maxAge: 200_000 });
    host.clock.advance(200_000);
    expect((await read(browser))['next']).toBeUndefined();
  });

  test.each<[string, (at: Date) => unknown]>([
    ['ISO text', (at) => at.toISOString()],
    ['a date as in a header', (at) => at.toUTCString()],
    ['a date given as maxAge', (at) => at],
  ])('%s', async (name, form) => {
    const { answer } = await changed(
      (cookie) =>
        (cookie[name.includes('maxAge') ? 'maxAge' : 'expires'] = form(new Date(Math.ceil(host.clock.now() / 1000) * 1000 + 60_000))),
    );
    expect(answer.setCookies).toEqual([expect.stringMatching(/Max-Age=6[01];/)]);
  });

  test.each([new Date(0), new Date(-8.64e15), '1990-01-01'])('%s is in the past: expires at once', async (expires) => {
    const { browser, answer } = await changed((cookie) => (cookie['expires'] = expires));
    expect(answer.setCookies).toEqual([expect.stringContaining('Max-Age=0;')]);
    expect((await read(browser))['next']).toBeUndefined();
  });
});

describe.each([true, false])('semantics 18: until the browser closes, where the settings say %s', (expireAtBrowserClose) => {
  test.each(['maxAge', 'expires'])('cookie.%s = null, undefined or false', async (name) => {
    for (const none of [null, undefined, false]) {
      const { browser, answer } = await changed((cookie) => (cookie[name] = none), { lifetimes: { expireAtBrowserClose } });
      expect(answer.setCookies).toEqual([expect.not.stringMatching(/max-age|expires/i)]);
      expect(await read(browser)).toEqual({ next: '/x', maxAge: null, expires: null, originalMaxAge: null });
    }
  });
});

test.each<[string, unknown]>([
  ['maxAge', Number.NaN],
  ['maxAge', Number.POSITIVE_INFINITY],
  ['maxAge', '60000'],
  ['maxAge', true],
  ['maxAge', {}],
  ['expires', new Date(Number.NaN)],
  ['expires', 'tomorrow'],
  ['expires', 60_000],
  ['expires', true],
])('cookie.%s = %s is refused, and nothing is stored', async (name, value) => {
  const { app, browser, answer } = await changed((cookie) => (cookie[name] = value));
  expect(answer.status).toBe(500);
  expect(app.errors).toEqual([expect.objectContaining({ name: 'RangeError', message: expect.stringContaining(`cookie.${name}`) })]);
  expect(browser.cookies.size).toBe(0);
});

test.each([
  ['originalMaxAge', 1, 'setExpiry'],
  ['httpOnly', false, 'scripts'],
  ['secure', true, 'SESSION_COOKIE_SECURE'],
  ['sameSite', 'none', 'SESSION_COOKIE_SAMESITE'],
  ['path', '/shop', 'SESSION_COOKIE_PATH'],
  ['domain', 'example.org', 'SESSION_COOKIE_DOMAIN'],
  ['partitioned', true, 'Gatehouse'],
  ['priority', 'high', 'Gatehouse'],
  ['colour', 'red', 'another name'],
])('cookie.%s cannot be set for one session: the error names the setting', async (name, value, where) => {
  const { app, browser, answer } = await changed((cookie) => (cookie[name] = value));
  expect(answer.status).toBe(500);
  expect(app.errors).toEqual([expect.any(ReservedKeyError)]);
  expect(String(app.errors[0])).toContain(`"cookie.${name}"`);
  expect(String(app.errors[0])).toContain(where);
  expect(browser.cookies.size).toBe(0);
});

test('attributes of the cookie can be read, and set to their own value', async () => {
  const { answer } = await changed(
    (cookie) => {
      expect(cookie).toMatchObject({ path: '/', domain: undefined, secure: 'auto', sameSite: 'strict', httpOnly: true });
      Object.assign(cookie, { path: '/', httpOnly: true, sameSite: 'strict', maxAge: 60_000 });
    },
    { cookie: { sameSite: 'strict' } },
  );
  expect(answer.setCookies).toEqual([expect.stringContaining('Max-Age=60;')]);
});

describe('signing in with a custom age', () => {
  test.each<[string, boolean | undefined, (req: Request) => unknown, RegExp]>([
    ['maxAge', undefined, (req) => (req.session.cookie.maxAge = 60_000), /Max-Age=60;/],
    ['maxAge and remember', true, (req) => (req.session.cookie.maxAge = 60_000), /Max-Age=60;/],
    ['maxAge and not remember', false, (req) => (req.session.cookie.maxAge = 60_000), /^(?!.*Max-Age)/],
    ['setExpiry', undefined, (req) => sessionOf(req).setExpiry(60), /Max-Age=60;/],
    ['nothing', undefined, () => undefined, /Max-Age=1209600;/],
  ])('%s, set before signIn in the same request', async (_name, remember, ask, expected) => {
    const { user, credentialEpoch } = await host.user();
    const app = await host.start((express) =>
      express.post('/enter', async (req, res) => {
        ask(req);
        res.json({ done: await sessionOf(req).signIn(user, { credentialEpoch, remember }) });
      }),
    );
    expect((await app.browser().post('/enter')).setCookies).toEqual([expect.stringMatching(expected)]);
  });

  test('requested by a signed-in user, and not remembered', async () => {
    const { user, credentialEpoch } = await host.user();
    const app = await host.start((express) =>
      express.post('/enter', async (req, res) => {
        req.session.cookie.maxAge = 60_000;
        await sessionOf(req).signIn(user, { credentialEpoch, remember: req.query['remember'] === 'true' });
        res.json({});
      }),
    );
    const browser = app.browser();
    await browser.post('/enter');
    expect((await browser.post('/enter')).setCookies).toEqual([expect.not.stringMatching(/max-age/i)]);
    expect((await browser.post('/enter?remember=true')).setCookies).toEqual([expect.stringMatching(/Max-Age=60;/)]);
  });

  test('requested after it', async () => {
    const { user, credentialEpoch } = await host.user();
    const app = await host.start((express) =>
      express.post('/enter', async (req, res) => {
        await sessionOf(req).signIn(user, { credentialEpoch });
        req.session.cookie.maxAge = 60_000;
        res.json({});
      }),
    );
    expect((await app.browser().post('/enter')).setCookies).toEqual([expect.stringMatching(/Max-Age=60;/)]);
  });
});

test('a 5xx does not store it', async () => {
  const app = await host.start((express) => {
    express.post('/begin', (req, res) => {
      req.session.next = '/x';
      res.json({});
    });
    express.post('/fail', (req, res) => {
      req.session.cookie.maxAge = 60_000;
      res.status(500).json({});
    });
  });
  const browser = app.browser();
  await browser.post('/begin');
  expect((await browser.post('/fail')).setCookies).toEqual([]);
});
