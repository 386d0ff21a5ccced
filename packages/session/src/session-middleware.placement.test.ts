import signature from 'cookie-signature';
import { CookieJar } from 'tough-cookie';
import type { Express } from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestUser } from './conformance/engine-fixture.ts';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import type { CookieSettings } from './session-cookie.ts';
import { jarBrowser } from './test-support/jar-browser.ts';
import { createTestHost, type TestHost } from './test-support/session-app.ts';

/**
 * Only cookies that we issued are ever removed. After a change of the cookie's domain, path or name, signing in works
 * at the first attempt. The browser stores cookies by the rules of RFC 6265.
 */

let host: TestHost;
let account: TestUser;
beforeAll(async () => {
  host = await createTestHost();
  account = await host.user();
});
afterEach(() => host.stopApps());
afterAll(() => host.dispose());

const ORIGIN = 'http://app.example.org';
const sign = (id: string, secret = 'a secret of the tests'): string => encodeURIComponent(`s:${signature.sign(id, secret)}`);

/** The same routes at `/` and below `/shop/app`. */
function routes(express: Express): void {
  express.use((req, _res, next) => {
    req.url = req.url.replace(/^\/shop\/app(?=\/)/, '');
    next();
  });
  express.post('/put', (req, res) => {
    Object.assign(req.session, { next: '/put' });
    res.json({});
  });
}

const start = async (cookie: Partial<CookieSettings>, secrets?: [string, ...string[]]): Promise<string> =>
  (await host.start(routes, { cookie, ...(secrets && { secrets }) })).url;
const signIn = (below = ''): string => `${below}/sign-in?user=${account.user.id}`;

async function isSignedIn(browser: ReturnType<typeof jarBrowser>, server: string, below = ''): Promise<boolean> {
  return (JSON.parse((await browser.get(server, `${below}/me`)).text) as { signedIn: boolean }).signedIn;
}

const CHANGES: [string, Partial<CookieSettings>, Partial<CookieSettings>][] = [
  ['a domain is added', {}, { domain: 'example.org' }],
  ['the domain is removed', { domain: 'example.org' }, {}],
  ['the domain grows', { domain: 'app.example.org' }, { domain: 'example.org' }],
  ['the domain shrinks', { domain: 'example.org' }, { domain: 'app.example.org' }],
  ['the path grows', { path: '/shop' }, { path: '/' }],
  ['the path shrinks', { path: '/' }, { path: '/shop' }],
  ['the path shrinks twice', { path: '/' }, { path: '/shop/app' }],
  ['the path loses its slash', { path: '/shop/' }, { path: '/shop' }],
  ['the path gets a slash', { path: '/shop' }, { path: '/shop/' }],
  ['domain and path', { domain: 'example.org', path: '/shop' }, {}],
  ['the name', { name: 'sessionid' }, { name: 'sid' }],
  ['nothing', {}, {}],
];

describe.each(CHANGES)('when %s', (_name, before, after) => {
  test.each([
    ['a browser that was signed in', true],
    ['a browser with an anonymous session', false],
  ])('%s signs in at the first attempt, and the browser has one cookie', async (_who, wasSignedIn) => {
    const browser = jarBrowser(ORIGIN);
    await browser.post(await start(before), wasSignedIn ? signIn('/shop/app') : '/shop/app/put');
    const now = await start(after);
    expect((await browser.post(now, signIn('/shop/app'))).status).toBe(200);
    expect(await isSignedIn(browser, now, '/shop/app')).toBe(true);
    if (before.name === undefined) expect(await browser.places('sid')).toHaveLength(1);
    expect((await browser.post(now, '/shop/app/sign-out')).status).toBe(200);
    expect(await isSignedIn(browser, now, '/shop/app')).toBe(false);
    expect(await browser.places('sid')).toEqual([]);
  });

  test('a browser that stays signed in keeps its session, however often it slides', async () => {
    if (before.name !== undefined) return;
    const browser = jarBrowser(ORIGIN);
    await browser.post(await start(before), signIn('/shop/app'));
    const now = await start(after);
    for (let n = 0; n < 3; n += 1) {
      expect(await isSignedIn(browser, now, '/shop/app')).toBe(true);
      host.clock.advance(LIFETIMES.activityIntervalMs);
    }
    expect(await browser.places('sid')).toHaveLength(1);
  });
});

test('a cookie of an earlier path, which the sign-in request did not have, does not hide the new one', async () => {
  const browser = jarBrowser(ORIGIN);
  await browser.post(await start({ path: '/shop' }), signIn('/shop/app'));
  const now = await start({});
  await browser.post(now, signIn());
  expect(await browser.places('sid')).toHaveLength(2);
  expect(await isSignedIn(browser, now, '/shop/app')).toBe(true);
  expect(await browser.places('sid')).toEqual(['app.example.org/']);
});

test('__Host- cookies exist in one placement only, so none is removed', async () => {
  const app = await host.start(routes, {
    cookie: { name: '__Host-sid', secure: true },
    before: (express) => express.set('trust proxy', 1),
  });
  const browser = app.browser();
  const https = { headers: { 'x-forwarded-proto': 'https' } };
  await browser.post('/put', https);
  expect((await browser.post(signIn(), https)).setCookies).toHaveLength(1);
});

// The header buffer of nginx has 4 KiB: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffer_size
test.each([
  ['deep', '/a/b/c/d/e/f/'],
  ['long and deep', `/${'long/'.repeat(400)}`],
  ['long', `/${'x'.repeat(3000)}/`],
])('the headers that remove older cookies fit through a proxy, although the path is %s', async (_which, folder) => {
  const app = await host.start((express) =>
    express.use((req, _res, next) => {
      req.url = req.url.slice(req.url.lastIndexOf('/'));
      next();
    }),
  );
  const browser = jarBrowser('http://a.deep.host.of.some.example.org');
  await browser.jar.setCookie(`sid=${sign('an id of earlier settings')}; Path=/`, 'http://a.deep.host.of.some.example.org/');
  const { status, setCookies } = await browser.post(app.url, folder + signIn().slice(1));
  expect(status).toBe(200);
  expect(setCookies.length).toBeGreaterThan(4);
  expect(setCookies.join('').length).toBeLessThan(2600);
});

test('normally a response has one cookie', async () => {
  const browser = jarBrowser(ORIGIN);
  const app = await start({});
  expect((await browser.post(app, '/put')).setCookies).toHaveLength(1);
  expect((await browser.post(app, signIn())).setCookies).toHaveLength(1);
  expect((await browser.post(app, signIn())).setCookies).toHaveLength(1);
  expect((await browser.post(app, '/sign-out')).setCookies).toHaveLength(1);
});

describe('tossed by a sibling host', () => {
  test('the attacker’s session is never taken for the victim’s, and signing in fixes it', async () => {
    const app = await start({});
    const [victim, attacker] = [jarBrowser(ORIGIN), jarBrowser(ORIGIN)];
    await victim.post(app, signIn());
    await attacker.post(app, signIn());
    const tossed = (await attacker.jar.getCookies(ORIGIN))[0]?.value ?? '';
    await victim.jar.setCookie(`sid=${tossed}; Domain=example.org; Path=/me`, 'http://evil.example.org/');
    // Neither is used, and the victim's works again once the other is gone.
    expect(await isSignedIn(victim, app)).toBe(false);
    expect(await victim.places('sid')).toEqual(['app.example.org/']);
    expect(await isSignedIn(victim, app)).toBe(true);
    await victim.jar.setCookie(`sid=${tossed}; Domain=example.org; Path=/`, 'http://evil.example.org/');
    await victim.post(app, signIn());
    expect(await isSignedIn(victim, app)).toBe(true);
  });

  test('an attacker’s session that is valid beside a foreign cookie does not replace the victim’s', async () => {
    const app = await start({});
    const [victim, attacker] = [jarBrowser(ORIGIN), jarBrowser(ORIGIN)];
    await victim.post(app, signIn());
    await attacker.jar.setCookie('sid=garbage; Path=/sign-in', ORIGIN);
    await attacker.post(app, signIn());
    const tossed = (await attacker.jar.getCookies(ORIGIN))[0]?.value ?? '';
    await victim.jar.setCookie('sid=garbage; Domain=example.org; Path=/', 'http://evil.example.org/');
    await victim.jar.setCookie(`sid=${tossed}; Domain=example.org; Path=/me`, 'http://evil.example.org/');
    // Neither is used, and nothing is removed: not even the foreign one.
    expect(await isSignedIn(victim, app)).toBe(false);
    expect(await victim.places('sid')).toEqual(['.example.org/', '.example.org/me', 'app.example.org/']);
  });

  test.each(['garbage', ''])('an unsigned cookie (%j) prevents no sign-in', async (value) => {
    const app = await start({});
    const victim = jarBrowser(ORIGIN);
    await victim.jar.setCookie(`sid=${value}; Domain=example.org; Path=/`, 'http://evil.example.org/');
    await victim.post(app, signIn());
    expect(await isSignedIn(victim, app)).toBe(true);
    expect(await victim.places('sid')).toContain('.example.org/');
  });
});

describe('semantics 54: a foreign cookie', () => {
  const FOREIGN: [string, string][] = [
    ['Django’s', 'abcdefghijklmnopqrstuvwxyz012345'],
    ['another Gatehouse’s', sign('an-id', 'the secret of another app')],
    ['of any format', 'x%20y'],
    ['empty', ''],
  ];
  test.each(FOREIGN)('%s is never removed', async (_name, value) => {
    const app = await start({});
    const browser = jarBrowser(ORIGIN);
    await browser.jar.setCookie(`sid=${value}; Path=/`, ORIGIN);
    for (const answer of [await browser.get(app, '/me'), await browser.post(app, '/sign-out'), await browser.get(app, '/nowhere')])
      expect(answer.setCookies).toEqual([]);
    expect((await browser.jar.getCookies(ORIGIN))[0]?.value).toBe(value);
  });

  test('two apps on two ports of one host with different names: signing in and out of one does not affect the other', async () => {
    const [first, second] = [await start({ name: 'first' }, ['a']), await start({ name: 'second' }, ['b'])];
    const browser = jarBrowser('http://localhost', new CookieJar(undefined, { rejectPublicSuffixes: false }));
    await browser.post(first, signIn());
    await browser.post(second, signIn());
    await browser.post(second, '/sign-out');
    expect(await isSignedIn(browser, first)).toBe(true);
  });

  test('two apps with the same cookie name: opening the second signs nobody out of the first', async () => {
    const [first, second] = [await start({}, ['a']), await start({}, ['b'])];
    const browser = jarBrowser('http://localhost', new CookieJar(undefined, { rejectPublicSuffixes: false }));
    await browser.post(first, signIn());
    expect(await isSignedIn(browser, second)).toBe(false);
    expect(await isSignedIn(browser, first)).toBe(true);
  });
});
