import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getSessionUser, requireRole, requireSession, requireSessionAjax } from './guards.ts';
import type { Answer, Browser } from './test-support/browser.ts';
import { createTestHost, signedIn, type TestApp, type TestHost } from './test-support/session-app.ts';

let host: TestHost;
let app: TestApp;
let user: Browser;
let admin: Browser;
beforeAll(async () => {
  host = await createTestHost();
  app = await host.start((express) => {
    express.get('/page', requireSession, (req, res) => void res.json({ name: getSessionUser(req)?.username }));
    express.all(
      '/api',
      requireSessionAjax({ trustedOrigins: ['https://admin.example'] }),
      (req, res) => void res.json({ id: getSessionUser(req)?.id }),
    );
    express.get('/admin', requireSession, requireRole('admin'), (_req, res) => void res.json({ fine: true }));
    express.get('/admin-alone', requireRole('admin'), (_req, res) => void res.json({ fine: true }));
    express.get('/who', (req, res) => void res.json({ user: getSessionUser(req) ?? null }));
  });
  const boss = await host.user();
  await host.accounts.setRole(boss.user.id, 'admin');
  user = (await signedIn(host, app)).browser;
  admin = (await signedIn(host, app, boss)).browser;
});
afterAll(() => host.dispose());

const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };
const AJAX = { 'x-requested-with': 'XMLHttpRequest' };
const reason = (answer: Answer) => answer.json<{ error: { reason: string } }>().error.reason;

test('getSessionUser returns the user, or undefined', async () => {
  expect((await app.browser().get('/who')).json()).toEqual({ user: null });
  expect((await admin.get('/who')).json()).toMatchObject({ user: { role: 'admin' } });
});

describe('requireSession', () => {
  test('lets signed-in users pass and forbids caching', async () => {
    const answer = await user.get('/page', { headers: NAVIGATION });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('redirects a navigation to the login page, which returns afterwards', async () => {
    const answer = await app.browser().get('/page?tab=2&next=//evil.example', { headers: NAVIGATION });
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe(`/login?next=${encodeURIComponent('/page?tab=2&next=//evil.example')}`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('includes the reason, if known', async () => {
    const { browser } = await signedIn(host, app);
    const cookie = browser.cookies.get('sid') ?? '';
    await browser.post('/sign-out');
    browser.cookies.set('sid', cookie);
    const answer = await browser.get('/page', { headers: NAVIGATION });
    expect(answer.headers.get('location')).toBe('/login?next=%2Fpage&reason=SESSION_ENDED');
    expect(answer.setCookies).toEqual([]);
  });

  test('never redirects to another host', async () => {
    for (const path of ['//evil.example/page', '/\\evil.example/page']) {
      const location = (await app.browser().get(path, { headers: NAVIGATION })).headers.get('location');
      expect(location ?? '').not.toMatch(/evil/);
    }
  });

  test.each<Record<string, string>>([{}, { accept: '*/*', 'sec-fetch-mode': 'cors' }, AJAX, { ...AJAX, accept: 'text/html' }])(
    'answers a script with 401 JSON, no redirect: %o',
    async (headers) => {
      const answer = await app.browser().get('/page', { headers: { accept: '*/*', ...headers } });
      expect([answer.status, reason(answer), answer.headers.get('location')]).toEqual([401, 'SIGN_IN_REQUIRED', null]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    },
  );
});

describe('requireSessionAjax', () => {
  test.each(['get', 'post'] as const)('%s with the header and a session passes', async (method) => {
    expect((await user[method]('/api', { headers: AJAX })).status).toBe(200);
  });

  test('checks the header before the session: without it the reason is always AJAX_REQUIRED', async () => {
    for (const browser of [user, app.browser()]) {
      const answer = await browser.post('/api');
      expect([answer.status, reason(answer)]).toEqual([403, 'AJAX_REQUIRED']);
    }
  });

  test('without a session: 401 JSON and never a redirect, not even for a navigation', async () => {
    const answer = await app.browser().get('/api', { headers: { ...AJAX, ...NAVIGATION } });
    expect([answer.status, reason(answer), answer.headers.get('location')]).toEqual([401, 'SIGN_IN_REQUIRED', null]);
    const navigation = await app.browser().get('/api', { headers: NAVIGATION });
    expect([navigation.status, navigation.headers.get('location')]).toEqual([403, null]);
  });

  test.each<[string, Record<string, string>, number]>([
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['a sandbox', { origin: 'null' }, 403],
    ['another site by fetch metadata', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a trusted front end', { origin: 'https://admin.example', 'sec-fetch-site': 'cross-site' }, 200],
  ])('from %s', async (_name, headers, status) => {
    const answer = await user.post('/api', { headers: { ...AJAX, ...headers } });
    expect(answer.status).toBe(status);
    if (status === 403) expect(reason(answer)).toBe('CROSS_SITE');
  });

  test('allows calls from its own pages', async () => {
    expect((await user.post('/api', { headers: { ...AJAX, origin: app.url, 'sec-fetch-site': 'same-origin' } })).status).toBe(200);
  });
});

describe('requireRole', () => {
  test.each(['/admin', '/admin-alone'])('%s requires the role', async (path) => {
    expect((await admin.get(path)).status).toBe(200);
    const refused = await user.get(path);
    expect([refused.status, reason(refused)]).toEqual([403, 'ROLE_REQUIRED']);
    const nobody = await app.browser().get(path);
    expect([nobody.status, reason(nobody)]).toEqual([401, 'SIGN_IN_REQUIRED']);
  });

  test('a navigation without the role gets a message, not the login page', async () => {
    const answer = await user.get('/admin', { headers: NAVIGATION });
    expect([answer.status, answer.headers.get('location')]).toEqual([403, null]);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  });

  test('semantics 38: a removed role is missing from the next request on', async () => {
    const { browser, account } = await signedIn(host, app);
    await host.accounts.setRole(account.user.id, 'admin');
    expect((await browser.get('/admin')).status).toBe(200);
    await host.accounts.setRole(account.user.id, 'user');
    expect((await browser.get('/admin')).status).toBe(403);
  });
});

describe('behind a proxy that strips a prefix', () => {
  const to = async (
    headers: Record<string, string>,
    { path = '/page?tab=2', cookiePath = '/', signInPath }: { path?: string; cookiePath?: string; signInPath?: string } = {},
  ) => {
    const below = await host.start((express) => express.get(['/page', '/shop/page'], requireSession, (_req, res) => void res.send('in')), {
      cookie: { path: cookiePath },
      ...(signInPath !== undefined && { signInPath }),
    });
    return (await below.browser().get(path, { headers: { ...NAVIGATION, ...headers } })).headers.get('location');
  };

  test.each<[string, Record<string, string>, Parameters<typeof to>[1], string]>([
    ['the proxy sends the prefix', { 'x-forwarded-prefix': '/shop' }, {}, '/shop/login?next=%2Fshop%2Fpage%3Ftab%3D2'],
    ['with a trailing slash', { 'x-forwarded-prefix': '/shop/' }, {}, '/shop/login?next=%2Fshop%2Fpage%3Ftab%3D2'],
    ['two proxies', { 'x-forwarded-prefix': '/a, /b' }, {}, '/a/b/login?next=%2Fa%2Fb%2Fpage%3Ftab%3D2'],
    [
      'it sends the prefix and does not strip it',
      { 'x-forwarded-prefix': '/shop' },
      { path: '/shop/page' },
      '/shop/login?next=%2Fshop%2Fpage',
    ],
    ['it sends nothing, but the cookie has the path', {}, { cookiePath: '/shop' }, '/shop/login?next=%2Fshop%2Fpage%3Ftab%3D2'],
    ['the cookie’s path with a slash', {}, { cookiePath: '/shop/' }, '/shop/login?next=%2Fshop%2Fpage%3Ftab%3D2'],
    ['nothing was stripped', {}, { cookiePath: '/shop', path: '/shop/page' }, '/login?next=%2Fshop%2Fpage'],
    ['another case than the cookie’s', {}, { cookiePath: '/shop', path: '/Shop/page?tab=2' }, '/login?next=%2Fshop%2Fpage%3Ftab%3D2'],
    ['the app has its own sign-in path', {}, { signInPath: '/shop/enter' }, '/shop/enter?next=%2Fpage%3Ftab%3D2'],
  ])('redirects to the login page under the prefix: %s', async (_name, headers, options, location) => {
    expect(await to(headers, options)).toBe(location);
  });

  test.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/a/../..//evil.example',
    '/..//evil.example',
    '/%2f/evil.example',
    '/%09/evil.example',
    '/x?y=',
    '/x#',
    '/x y',
    '/"><script>',
    `/${'a'.repeat(300)}`,
    ', //evil.example',
    '/a, /../../evil',
    'shop',
  ])('security 28: a prefix that is not a plain path is ignored: %s', async (prefix) => {
    expect(await to({ 'x-forwarded-prefix': prefix })).toBe('/login?next=%2Fpage%3Ftab%3D2');
  });

  test('a sign-in path on another origin is refused at the start', async () => {
    for (const signInPath of ['//evil.example', 'https://evil.example/login', 'login'])
      await expect(host.start(undefined, { signInPath })).rejects.toThrow('signInPath');
  });
});

describe('requireSessionAjax with X-Gatehouse-User', () => {
  const call = (browser: Browser, id: string) => browser.post('/api', { headers: { ...AJAX, 'x-gatehouse-user': id } });

  test('lets the same user pass, refuses another user, and tells signed-out users to sign in', async () => {
    const own = (await user.post('/api', { headers: AJAX })).json<{ id: string }>().id;
    expect((await call(user, own)).json()).toEqual({ id: own });
    const refused = await call(admin, own);
    expect([refused.status, reason(refused)]).toEqual([412, 'USER_CHANGED']);
    expect(reason(await call(app.browser(), own))).toBe('SIGN_IN_REQUIRED');
  });
});
