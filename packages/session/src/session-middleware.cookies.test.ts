import signature from 'cookie-signature';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Express } from 'express';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import { newHandle, newSecret } from './session-id.ts';
import { sessionOf } from './session-middleware.ts';
import { handleIn, secretIn, tokenIn, type Browser } from './test-support/browser.ts';
import { createTestHost, signedIn, type TestHost } from './test-support/session-app.ts';
import { isSignedIn } from './test-support/data-routes.ts';

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterEach(() => host.stopApps());
afterAll(() => host.dispose());

const SECRET = 'a secret of the tests';
const sign = (id: string, secret = SECRET): string => encodeURIComponent(`s:${signature.sign(id, secret)}`);

const putRoute = (express: Express): void =>
  void express.post('/put', (req, res) => {
    Object.assign(req.session, { next: '/put' });
    res.json({ id: req.sessionID });
  });

describe('semantics 10: an id that must not be served', () => {
  test.each<[string, () => Promise<string> | string]>([
    ['never stored, signed with our secret', () => `${newHandle()}.${newSecret()}`],
    ['without a secret', () => newHandle()],
    ['without a handle', () => newSecret()],
    ['chosen by an attacker', () => 'attacker-chose-this'],
    ['empty', () => ''],
    ['with unusual characters', () => '../../etc/passwd\u0000%'],
    [
      'no longer stored',
      async () => {
        const { browser } = await signedIn(host, await host.start());
        const id = tokenIn(browser.cookies.get('sid'));
        await browser.post('/sign-out');
        return id;
      },
    ],
  ])('%s: signed out, never adopted, the cookie left to be overwritten', async (_name, makeId) => {
    const id = await makeId();
    const app = await host.start(putRoute);
    const browser = app.browser();
    browser.cookies.set('sid', sign(id));
    const answer = await browser.get('/me');
    expect(answer.json()).toMatchObject({ signedIn: false });
    expect(answer.setCookies).toEqual([]);
    const put = await browser.post('/put');
    expect(put.json()).toEqual({ id: '' });
    expect(browser.cookies.get('sid')).not.toBe(sign(id));
    const [handle = '', secret = ''] = id.split('.');
    for (const part of [handle, secret].filter(Boolean)) expect(tokenIn(browser.cookies.get('sid'))).not.toContain(part);
  });

  test('of a live session with another secret: signed out, and the session is not used, kept or revealed', async () => {
    const app = await host.start(putRoute);
    const { browser, account } = await signedIn(host, app);
    host.clock.advance(LIFETIMES.activityIntervalMs);
    const stored = async () => (await app.engine.listByUser(account.user.id)).sessions;
    const before = await stored();
    const guesser = app.browser();
    guesser.cookies.set('sid', sign(`${handleIn(browser.cookies.get('sid'))}.${newSecret()}`));
    const answer = await guesser.get('/me');
    expect([answer.json(), answer.setCookies]).toEqual([{ signedIn: false, reason: 'SESSION_ENDED' }, []]);
    await guesser.post('/put');
    expect(handleIn(guesser.cookies.get('sid'))).not.toBe(handleIn(browser.cookies.get('sid')));
    expect(await stored()).toEqual(before);
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('a planted id is not used at sign-in', async () => {
    const app = await host.start();
    const { browser } = await signedIn(host, app);
    await browser.post('/sign-out');
    const planted = sign(`${newHandle()}.${newSecret()}`);
    browser.cookies.set('sid', planted);
    await browser.post(`/sign-in?user=${(await host.user()).user.id}`);
    expect(browser.cookies.get('sid')).not.toBe(planted);
    const attacker = app.browser();
    attacker.cookies.set('sid', planted);
    expect(await isSignedIn(attacker)).toBe(false);
  });
});

describe('semantics 11: an incomplete cookie', () => {
  test.each<[string, (good: string) => string]>([
    ['another signature', (good) => sign(tokenIn(good), 'another secret')],
    ['no signature', (good) => encodeURIComponent(`s:${tokenIn(good)}`)],
    ['without the prefix s:', (good) => encodeURIComponent(decodeURIComponent(good).slice(2))],
    ['the bare id', (good) => tokenIn(good)],
    ['a truncated signature', (good) => good.slice(0, -3)],
    ['a longer signature', (good) => `${good}AA`],
    ['another id with this signature', (good) => decodeURIComponent(good).replace(/^s:(.)/, (_, first) => (first === '_' ? 's:-' : 's:_'))],
    ['nothing', () => ''],
    ['eight kilobytes', () => 'x'.repeat(8192)],
    ['eight kilobytes, signed', () => sign('x'.repeat(8000))],
    ['broken encoding', () => '%E0%A4%A'],
    ['a quoted value', () => '"s:"'],
    ['a number instead of an id', () => 's:.'],
  ])('%s: signed out, and no error', async (_name, spoil) => {
    const app = await host.start();
    const { browser } = await signedIn(host, app);
    browser.cookies.set('sid', spoil(browser.cookies.get('sid') ?? ''));
    const answer = await browser.get('/me');
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ signedIn: false });
    expect(app.errors).toEqual([]);
  });

  test.each<[string, (good: string, other: string) => string]>([
    ['ours first', (good) => `sid=${good}; sid=tossed`],
    ['ours last', (good) => `sid=tossed; sid=${good}`],
    ['two valid ones', (good, other) => `sid=${good}; sid=${other}`],
    ['a space before the =', (good) => `sid=${good}; sid =tossed`],
    ['an empty one', (good) => `sid=; sid=${good}`],
  ])('two cookies of one name, %s: signed out', async (_name, header) => {
    const app = await host.start();
    const [{ browser }, { browser: second }] = [await signedIn(host, app), await signedIn(host, app)];
    const cookie = header(browser.cookies.get('sid') ?? '', second.cookies.get('sid') ?? '');
    const answer = await app.browser().get('/me', { headers: { cookie } });
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ signedIn: false, reason: 'SIGN_IN_REQUIRED' });
  });

  test('two cookies of one name: signed out, even if a cookie parser has read them before', async () => {
    const app = await host.start(undefined, {
      before: (express) =>
        express.use((req, _res, next) => {
          Object.assign(req, {
            cookies: { sid: decodeURIComponent(/sid=([^;]*)/.exec(req.headers.cookie ?? '')?.[1] ?? '') },
            signedCookies: {},
          });
          next();
        }),
    });
    const { browser } = await signedIn(host, app);
    expect(await isSignedIn(browser)).toBe(true);
    const answer = await app.browser().get('/me', { headers: { cookie: `sid=${browser.cookies.get('sid')}; sid=tossed` } });
    expect(answer.json()).toMatchObject({ signedIn: false });
  });

  test('two hundred other cookies do no harm', async () => {
    const app = await host.start();
    const { browser } = await signedIn(host, app);
    const others = Array.from({ length: 200 }, (_, index) => `other${index}=sid`);
    const cookie = [...others.slice(100), `sid=${browser.cookies.get('sid')}`, ...others.slice(0, 100)].join('; ');
    expect((await app.browser().get('/me', { headers: { cookie } })).json()).toMatchObject({ signedIn: true });
  });
});

describe('semantics 12: rotated secrets', () => {
  test('any listed secret verifies, the first signs, and removing one ends the sessions it signed', async () => {
    const { browser } = await signedIn(host, await host.start(undefined, { secrets: ['old'] }));
    const rotated = await host.start(putRoute, { secrets: ['new', 'old'] });
    const carry = (to: Browser): Browser => (to.cookies.set('sid', browser.cookies.get('sid') ?? ''), to);
    const moved = carry(rotated.browser());
    expect(await isSignedIn(moved)).toBe(true);
    await moved.post('/put');
    const dropped = await host.start(undefined, { secrets: ['new'] });
    expect(await isSignedIn(carry(dropped.browser()))).toBe(false);
    const renewed = dropped.browser();
    renewed.cookies.set('sid', moved.cookies.get('sid') ?? '');
    expect(await isSignedIn(renewed)).toBe(true);
  });
});

describe('semantics 13: the cookie’s secret is nowhere else', () => {
  test('not in any row, list, error, log line or URL', async () => {
    const output: string[] = [];
    const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation((...line) => void output.push(line.join(' '))),
    );
    const writes = ([process.stdout, process.stderr] as const).map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation((text) => {
        output.push(String(text));
        return true;
      }),
    );
    try {
      const app = await host.start(
        (express) => {
          express.post('/store', (req, res) => {
            Object.assign(req.session, { next: '/x' });
            res.json({});
          });
          express.post('/break', (req) => {
            Object.assign(req.session, { next: '/x' });
            throw new Error(`broken: ${sessionOf(req).handle()}`);
          });
        },
        { engine: (engine) => ({ ...engine, update: () => Promise.reject(new Error('disk')) }) },
      );
      const { browser, account } = await signedIn(host, app);
      const id = secretIn(browser.cookies.get('sid'));
      expect(id.length).toBeGreaterThanOrEqual(43);
      const answers = [await browser.post('/store'), await browser.post('/break'), await browser.get('/me'), await browser.get('/nowhere')];
      const texts = [
        ...answers.map(({ text, headers }) => text + JSON.stringify([...headers].filter(([name]) => name !== 'set-cookie'))),
        ...app.errors.map((error) => JSON.stringify(error, Object.getOwnPropertyNames(error)) + String((error as Error).stack)),
        JSON.stringify((await app.engine.listByUser(account.user.id)).sessions),
        JSON.stringify(await app.engine.list({ limit: 1000 })),
        ...output,
      ];
      expect(texts.length).toBeGreaterThan(7);
      for (const text of texts) expect(text.includes(id)).toBe(false);
      expect(await host.stores(id)).toBe(false);
      expect(await host.stores(decodeURIComponent(browser.cookies.get('sid') ?? ''))).toBe(false);
    } finally {
      for (const spy of [...spies, ...writes]) spy.mockRestore();
    }
  });

  test('an id in the URL or in a header is ignored', async () => {
    const app = await host.start();
    const { browser } = await signedIn(host, app);
    const cookie = browser.cookies.get('sid') ?? '';
    const [id, handle] = [tokenIn(cookie), handleIn(cookie)];
    const headers = { authorization: `Bearer ${id}`, 'x-session-id': id, 'set-cookie': `sid=${cookie}` };
    expect((await app.browser().get(`/me?sid=${cookie}&sessionID=${id}`, { headers })).json()).toMatchObject({ signedIn: false });
    // The public id is not a credential.
    for (const value of [handle, sign(handle), sign(`${handle}.`), sign(`${handle}.${handle}`)])
      expect((await app.browser().get('/me', { headers: { cookie: `sid=${value}` } })).json()).toMatchObject({ signedIn: false });
  });
});

describe('the cookie’s attributes', () => {
  test('HttpOnly always, Secure by the connection', async () => {
    const app = await host.start(putRoute, { before: (express) => express.set('trust proxy', true) });
    expect((await app.browser().post('/put')).setCookies[0]).toMatch(/; HttpOnly; SameSite=Lax$/);
    const secure = await app.browser().post('/put', { headers: { 'x-forwarded-proto': 'https' } });
    expect(secure.setCookies[0]).toMatch(/; HttpOnly; Secure; SameSite=Lax$/);
  });

  test('a secure cookie is not sent over plain http', async () => {
    const app = await host.start(putRoute, { cookie: { secure: true } });
    expect((await app.browser().post('/put')).setCookies).toEqual([]);
  });

  test('the application’s own cookies stay', async () => {
    const app = await host.start((express) =>
      express.post('/both', (req, res) => {
        res.cookie('theme', 'dark').cookie('sid', 'mine');
        Object.assign(req.session, { next: '/both' });
        res.json({});
      }),
    );
    const { setCookies } = await app.browser().post('/both');
    expect(setCookies.map((header) => header.split('=')[0])).toEqual(['sid', 'theme']);
    expect(setCookies[0]).toMatch(/^sid=s%3A/);
  });
});
