import type { Express } from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TestUser } from './conformance/engine-fixture.ts';
import { checkCookieSettings } from './cookie-checks.ts';
import { CookieSettingsError } from './errors.ts';
import type { CookieSettings } from './session-cookie.ts';
import { sessionOf } from './session-middleware.ts';
import { plainRequest } from './test-support/plain-request.ts';
import { COOKIE, createTestHost, signedIn, type TestApp, type TestHost } from './test-support/session-app.ts';
import { resetWarnings } from './warn-once.ts';

/** A cookie that the server cannot deliver is an error or a warning, never an apparent success. */

let host: TestHost;
let account: TestUser;
const warnings: { code: string; text: string }[] = [];
beforeAll(async () => {
  host = await createTestHost();
  account = await host.user();
  vi.spyOn(process, 'emitWarning').mockImplementation((text, options) => {
    warnings.push({ text: String(text), code: (options as unknown as { code: string }).code });
  });
});
beforeEach(() => {
  resetWarnings();
  warnings.length = 0;
});
afterEach(() => host.stopApps());
afterAll(async () => {
  vi.restoreAllMocks();
  await host.dispose();
});

const codes = () => warnings.map(({ code }) => code);

function routes(express: Express): void {
  express.post('/put', (req, res) => {
    Object.assign(req.session, { next: '/put' });
    res.json({});
  });
  express.post('/save', (req, res, next) => {
    Object.assign(req.session, { next: '/save' });
    req.session.save((error: unknown) => (error ? next(error) : void res.json({})));
  });
  express.post('/update', async (req, res) => {
    await sessionOf(req).update((data) => Object.assign(data, { next: '/update' }));
    res.json({});
  });
  express.post('/cycle', async (req, res) => void res.json({ cycled: await sessionOf(req).cycle() }));
  express.post('/late-sign-in', async (req, res) => {
    res.write('welcome, ');
    const failure = await sessionOf(req)
      .signIn(account.user, { credentialEpoch: account.credentialEpoch })
      .then(
        () => 'in',
        (error: unknown) => (error as Error).name,
      );
    res.end(failure);
  });
  express.post('/late-save', (req, res) => {
    res.write('.');
    Object.assign(req.session, { next: '/late' });
    req.session.save((error: unknown) => res.end((error as Error | null)?.name ?? 'saved'));
  });
  express.post('/late-put', (req, res) => {
    res.write('.');
    Object.assign(req.session, { next: '/late' });
    res.end();
  });
}

const SECURE: Partial<CookieSettings> = { secure: true };
const trusting = (express: Express): void => void express.set('trust proxy', 1);
const signInPath = (): string => `/sign-in?user=${account.user.id}`;
const rows = async (app: TestApp) => (await app.engine.count()).sessions;

describe('semantics 55: a secure cookie', () => {
  const PROTOS: [string, Record<string, string>, boolean][] = [
    ['no X-Forwarded-Proto', {}, false],
    ['http', { 'x-forwarded-proto': 'http' }, false],
    ['an empty one', { 'x-forwarded-proto': '' }, false],
    ['http, https', { 'x-forwarded-proto': 'http,https' }, false],
    ['https', { 'x-forwarded-proto': 'https' }, true],
    ['HTTPS', { 'x-forwarded-proto': 'HTTPS' }, true],
    ['https,http', { 'x-forwarded-proto': 'https,http' }, true],
    ['https, with a space', { 'x-forwarded-proto': ' https , http' }, true],
  ];
  test.each(PROTOS)('behind a trusted proxy that sends %s', async (_name, headers, goes) => {
    const app = await host.start(routes, { cookie: SECURE, before: trusting });
    const before = await rows(app);
    for (const path of [signInPath(), '/put', '/save', '/update']) {
      const answer = await app.browser().post(path, { headers });
      expect([path, answer.status, answer.setCookies.length]).toEqual([path, goes ? 200 : 500, goes ? 1 : 0]);
    }
    expect(await rows(app)).toBe(goes ? before + 4 : before);
    for (const error of app.errors)
      expect(String(error)).toMatch(/UndeliverableCookieError.*X-Forwarded-Proto.*trust proxy.*SESSION_COOKIE_SECURE/);
  });

  test('the error says that the proxy is not trusted, if that is the cause', async () => {
    const app = await host.start(routes, { cookie: SECURE });
    await app.browser().post(signInPath(), { headers: { 'x-forwarded-proto': 'https' } });
    expect(String(app.errors[0])).toContain('no proxy is trusted');
  });

  test('rotating over http ends nothing, and a renewal that cannot be sent causes a warning', async () => {
    const app = await host.start(routes, { cookie: SECURE, before: trusting });
    const browser = app.browser();
    const https = { headers: { 'x-forwarded-proto': 'https' } };
    await browser.post(signInPath(), https);
    expect((await browser.post('/cycle')).status).toBe(500);
    expect((await browser.get('/me', https)).json()).toMatchObject({ signedIn: true });
    expect((await browser.post('/put')).setCookies).toEqual([]);
    expect(codes()).toEqual(['GATEHOUSE_COOKIE_UNDELIVERABLE']);
    expect((await browser.get('/me', https)).json()).toMatchObject({ signedIn: true });
  });

  test.each<[string, Partial<CookieSettings>]>([
    ['SameSite=None', { secure: 'auto', sameSite: 'none' }],
    ['__Host-', { secure: 'auto', name: '__Host-sid' }],
    ['__Secure-', { secure: 'auto', name: '__Secure-sid' }],
  ])('"auto" is no solution if browsers require https: %s', async (_name, cookie) => {
    const app = await host.start(routes, { cookie, before: trusting });
    expect((await app.browser().post(signInPath())).status).toBe(500);
    const answer = await app.browser().post(signInPath(), { headers: { 'x-forwarded-proto': 'https' } });
    expect([answer.status, answer.setCookies[0]]).toEqual([200, expect.stringContaining('Secure')]);
  });
});

describe('after the headers were sent', () => {
  test('signing in is an error and signs nobody in', async () => {
    const app = await host.start(routes);
    const before = await rows(app);
    expect((await app.browser().post('/late-sign-in')).text).toBe('welcome, UndeliverableCookieError');
    expect(await rows(app)).toBe(before);
  });

  test('a new session is not saved: an error for an explicit save, otherwise a warning', async () => {
    const app = await host.start(routes);
    const before = await rows(app);
    expect((await app.browser().post('/late-save')).text).toBe('.UndeliverableCookieError');
    expect((await app.browser().post('/late-put')).status).toBe(200);
    expect(codes()).toEqual(['GATEHOUSE_LATE_SESSION']);
    expect(await rows(app)).toBe(before);
  });

  test('a session whose cookie the browser has is saved', async () => {
    const app = await host.start(routes);
    const { browser } = await signedIn(host, app);
    expect((await browser.post('/late-save')).text).toBe('.saved');
    await browser.post('/late-put');
    expect((await app.engine.list({ limit: 100 })).sessions.map(({ record }) => record.data['next'])).toContain('/late');
  });
});

describe('placements that only the browser can judge cause one warning', () => {
  test('a domain of another host', async () => {
    const app = await host.start(routes, { cookie: { domain: 'example.org' } });
    const put = (name: string) => plainRequest(`${app.url}/put`, { method: 'POST', headers: { host: name } });
    for (const name of ['example.org', 'app.example.org:8080', 'APP.example.org.']) await put(name);
    expect(codes()).toEqual([]);
    for (const name of ['localhost:3000', 'notexample.org', 'evil.test']) await put(name);
    expect(codes()).toEqual(['GATEHOUSE_COOKIE_DOMAIN']);
  });

  test.each([
    ['/put', 'GATEHOUSE_COOKIE_PATH'],
    ['/Shop/put', 'GATEHOUSE_COOKIE_PATH_CASE'],
    ['/shop/put', undefined],
  ])('a path to which the cookie is not sent: %s', async (path, code) => {
    const below = (express: Express): void => {
      routes(express);
      express.post('/shop/put', (req, res) => {
        Object.assign(req.session, { next: '/put' });
        res.json({});
      });
    };
    const app = await host.start(below, { cookie: { path: '/shop' } });
    for (let n = 0; n < 2; n += 1) expect((await app.browser().post(path)).setCookies).toHaveLength(1);
    expect(codes()).toEqual(code === undefined ? [] : [code]);
    await app.browser().post('/put', { headers: { 'x-forwarded-prefix': '/shop' } });
    expect(codes()).toHaveLength(code === undefined ? 0 : 1);
  });
});

describe('cookie settings that no browser accepts are refused at the start, with all problems', () => {
  const problems = (cookie: Partial<CookieSettings>): readonly string[] => {
    try {
      checkCookieSettings({ ...COOKIE, ...cookie });
      return [];
    } catch (error) {
      if (!(error instanceof CookieSettingsError)) throw error;
      return error.problems;
    }
  };

  test.each<[Partial<CookieSettings>, number]>([
    [{}, 0],
    [{ domain: 'example.org', path: '/shop', sameSite: 'strict' }, 0],
    [{ name: '__Host-sid', secure: true }, 0],
    [{ sameSite: 'none', secure: true }, 0],
    [{ name: '__Host-sid', secure: true, path: '/shop', domain: 'example.org' }, 2],
    [{ name: '__host-sid', secure: false, path: '/shop', domain: 'example.org' }, 3],
    [{ name: '__Secure-sid', secure: false }, 1],
    [{ sameSite: 'none', secure: false }, 1],
    [{ sameSite: 'None' as never }, 1],
    [{ secure: 'yes' as never }, 1],
    [{ name: 'a b' }, 1],
    [{ name: '' }, 1],
    [{ name: 'x'.repeat(4000) }, 1],
    [{ path: 'shop' }, 1],
    [{ path: '/shop; Domain=evil.example' }, 1],
    [{ path: `/${'x'.repeat(1100)}` }, 1],
    [{ domain: 'https://example.org' }, 1],
    [{ domain: 'example.org:3000' }, 1],
    [{ domain: '' }, 1],
  ])('%o', (cookie, count) => {
    expect(problems(cookie)).toHaveLength(count);
  });

  test('by the middleware', async () => {
    await expect(host.start(undefined, { cookie: { name: '__Host-sid', secure: true, path: '/a', domain: 'b.example' } })).rejects.toThrow(
      /path \/ only\.\n.*without a domain/s,
    );
  });
});
