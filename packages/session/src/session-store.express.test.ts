import express, { type Request, type Response } from 'express';
import expressSession, { type SessionOptions } from 'express-session';
import signature from 'cookie-signature';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import type { Engine } from './engine-port.ts';
import { openDbEngine } from './engines/db/db-engine.ts';
import { SessionStore } from './session-store.ts';
import { createBrowser, tokenIn, type Browser } from './test-support/browser.ts';
import { listen, type RunningServer } from './test-support/http-server.ts';
import { createTempDatabase, type TempDatabase } from './test-support/temp-database.ts';
import { createTestClock } from './test-support/test-clock.ts';

let storage: TempDatabase;
let engine: Engine;
const servers: RunningServer[] = [];
beforeAll(async () => {
  storage = await createTempDatabase();
  engine = openDbEngine({ database: await storage.connect(), lifetimes: LIFETIMES });
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  await engine.destroyAll();
});
afterAll(() => storage.dispose());

type Data = Record<string, unknown>;
const dataOf = (req: Request): Data => req.session as unknown as Data;

interface PlainApp {
  readonly store: SessionStore;
  readonly sets: () => number;
  readonly errors: unknown[];
  browser(): Browser;
}

/** An app with express-session, set up as in its documentation; every request runs `handler`. */
async function plainApp(
  options: Partial<SessionOptions>,
  handler: (req: Request, res: Response) => unknown,
  used: Engine = engine,
): Promise<PlainApp> {
  const store = new SessionStore({ engine: used, lifetimes: LIFETIMES });
  let sets = 0;
  const { set } = store;
  store.set = function (...args) {
    sets++;
    return Reflect.apply(set, this, args);
  };
  const errors: unknown[] = [];
  const app = express();
  app.use(expressSession({ store, secret: 'plain', resave: false, saveUninitialized: false, ...options }));
  app.use((req, res) => void handler(req, res));
  app.use((error: unknown, _req: Request, res: Response, _next: () => void) => {
    errors.push(error);
    if (!res.headersSent) res.status(500).send(String(error));
  });
  const server = await listen(app);
  servers.push(server);
  return { store, sets: () => sets, errors, browser: () => createBrowser(server.url) };
}

const count = (req: Request): number => {
  const data = dataOf(req);
  data['count'] = Number(data['count'] ?? 0) + 1;
  return data['count'] as number;
};
const counting = (req: Request, res: Response): void => void res.send(String(count(req)));
const MINUTE = 60_000;

test('creates, loads and updates', async () => {
  const app = await plainApp({ cookie: { maxAge: MINUTE } }, counting);
  const browser = app.browser();
  for (const expected of ['1', '2', '3']) expect((await browser.get('/')).text).toBe(expected);
  expect(await app.store.length()).toBe(1);
  expect((await app.browser().get('/')).text).toBe('1');
  expect(await app.store.all()).toHaveLength(2);
});

test('dates declared by the contract are restored as dates', async () => {
  const app = await plainApp({}, (req, res) => {
    const before = req.session.loginTime;
    req.session.loginTime = new Date(Date.UTC(2030, 0, 1));
    res.send(String(before instanceof Date));
  });
  const browser = app.browser();
  await browser.get('/');
  expect((await browser.get('/')).text).toBe('true');
});

describe('an id that is not in the store', () => {
  test.each<[string, (app: PlainApp) => unknown]>([
    ['destroyed', (app) => app.store.clear()],
    [
      'expired',
      async (app) => {
        for (const one of (await engine.list({ limit: 10 })).sessions)
          await engine.touch(one.record.handle, { ...one.record, expiresAtMs: Date.now() });
        void app;
      },
    ],
  ])('%s: a new session under a new id', async (_name, end) => {
    const app = await plainApp({ cookie: { maxAge: MINUTE } }, counting);
    const browser = app.browser();
    await browser.get('/');
    const before = browser.cookies.get('connect.sid');
    await end(app);
    expect((await browser.get('/')).text).toBe('1');
    expect(browser.cookies.get('connect.sid')).not.toBe(before);
  });

  test('a forged signature gets a new session without a call to the store', async () => {
    let loads = 0;
    const app = await plainApp({}, counting, { ...engine, load: (...args) => (loads++, engine.load(...args)) });
    const browser = app.browser();
    browser.cookies.set('connect.sid', encodeURIComponent(`s:${signature.sign('x', 'other')}`));
    expect((await browser.get('/')).text).toBe('1');
    expect(loads).toBe(1);
  });
});

describe('resave and saveUninitialized', () => {
  test('resave false: an unmodified session is touched, not set', async () => {
    const app = await plainApp({ cookie: { maxAge: MINUTE } }, (req, res) => void (Object.assign(dataOf(req), { who: 'bob' }), res.end()));
    const browser = app.browser();
    await browser.get('/');
    expect(app.sets()).toBe(1);
    await browser.get('/');
    expect(app.sets()).toBe(1);
  });

  test('resave true: every request sets the session, and its data stays', async () => {
    const app = await plainApp(
      { resave: true, cookie: { maxAge: MINUTE } },
      (req, res) => void (Object.assign(dataOf(req), { who: 'bob' }), res.send(req.sessionID)),
    );
    const browser = app.browser();
    const ids = [(await browser.get('/')).text, (await browser.get('/')).text, (await browser.get('/')).text];
    expect(app.sets()).toBe(3);
    expect(new Set(ids).size).toBe(1);
    expect(await app.store.get(ids[0] ?? '')).toMatchObject({ who: 'bob' });
    expect(app.errors).toEqual([]);
  });

  test('saveUninitialized true: an unmodified session is stored and found again', async () => {
    const app = await plainApp({ saveUninitialized: true }, (req, res) => void res.send(req.sessionID));
    const browser = app.browser();
    const first = await browser.get('/');
    expect(first.setCookies).toHaveLength(1);
    expect(await app.store.length()).toBe(1);
    expect((await browser.get('/')).text).toBe(first.text);
  });

  test('saveUninitialized false: it is not stored and gets no cookie', async () => {
    const app = await plainApp({ rolling: true }, (_req, res) => void res.end());
    expect((await app.browser().get('/')).setCookies).toEqual([]);
    expect(await app.store.length()).toBe(0);
  });
});

describe('the cookie', () => {
  test('rolling: every response has it', async () => {
    const app = await plainApp(
      { rolling: true, cookie: { maxAge: MINUTE } },
      (req, res) => void (Object.assign(dataOf(req), { who: 'bob' }), res.end()),
    );
    const browser = app.browser();
    for (let visit = 0; visit < 3; visit++) expect((await browser.get('/')).setCookies).toHaveLength(1);
  });

  test('a request renews the expiry in the store', async () => {
    const app = await plainApp(
      { cookie: { maxAge: MINUTE } },
      (req, res) => void (Object.assign(dataOf(req), { who: 'bob' }), res.send(req.sessionID)),
    );
    const browser = app.browser();
    const { text: id } = await browser.get('/');
    const endOf = async () => Date.parse(String((await app.store.get(id))?.cookie.expires));
    const before = await endOf();
    while (Date.now() - before + MINUTE < 5) await new Promise((resolve) => setImmediate(resolve));
    await browser.get('/');
    expect(await endOf()).toBeGreaterThan(before);
  });

  test('its attributes and its original age are kept by a load', async () => {
    const app = await plainApp(
      { cookie: { maxAge: 2000, path: '/', sameSite: 'strict', httpOnly: false, priority: 'high' } },
      (req, res) => {
        count(req);
        const { cookie } = req.session;
        res.json({
          ...(cookie as unknown as { data: object }).data,
          expires: cookie.expires instanceof Date,
          maxAge: Number(cookie.maxAge) > 0 && Number(cookie.maxAge) <= 2000,
        });
      },
    );
    const browser = app.browser();
    const first = (await browser.get('/')).json<object>();
    expect(first).toMatchObject({
      // express-session computes it from its own clock, which may differ by a millisecond.
      originalMaxAge: expect.closeTo(2000, -1) as number,
      sameSite: 'strict',
      httpOnly: false,
      priority: 'high',
      expires: true,
      maxAge: true,
    });
    expect((await browser.get('/')).json()).toEqual({ ...first, originalMaxAge: expect.closeTo(2000, -1) as number });
  });

  test('a small maxAge ends the session on the server', async () => {
    const clock = createTestClock(Date.now());
    const timed = openDbEngine({ database: await storage.connect(), lifetimes: LIFETIMES, now: clock.now });
    const app = await plainApp({ cookie: { maxAge: 500 } }, counting, timed);
    const browser = app.browser();
    expect((await browser.get('/')).text).toBe('1');
    clock.advance(60_000);
    expect((await browser.get('/')).text).toBe('1');
  });

  test('an age changed in a request is stored with the other changes', async () => {
    const app = await plainApp({ cookie: { maxAge: MINUTE } }, (req, res) => {
      if (count(req) === 2) req.session.cookie.maxAge = 10 * MINUTE;
      res.send(req.sessionID);
    });
    const browser = app.browser();
    await browser.get('/');
    const { text: id } = await browser.get('/');
    expect(Date.parse(String((await app.store.get(id))?.cookie.expires))).toBeGreaterThan(Date.now() + 9 * MINUTE);
  });

  test('until the browser closes: no expiry, and sent once', async () => {
    const app = await plainApp({}, counting);
    const browser = app.browser();
    expect((await browser.get('/')).setCookies).toEqual([expect.not.stringMatching(/expires|max-age/i)]);
    expect((await browser.get('/')).setCookies).toEqual([]);
  });
});

describe('methods of the session', () => {
  test('regenerate creates a new id and ends the old session', async () => {
    const app = await plainApp({}, (req, res) => {
      const before = req.sessionID;
      if (count(req) === 1) return void res.send(before);
      req.session.regenerate((error) => {
        dataOf(req)['fresh'] = true;
        res.send(error ? 'error' : `${before} ${req.sessionID}`);
      });
    });
    const browser = app.browser();
    const { text: first } = await browser.get('/');
    const [old, fresh] = (await browser.get('/')).text.split(' ');
    expect(old).toBe(first);
    expect(fresh).not.toBe(old);
    expect(await app.store.get(first)).toBeNull();
    expect(await app.store.get(fresh ?? '')).toMatchObject({ fresh: true });
  });

  test('destroy ends it, and nothing is saved afterwards', async () => {
    const app = await plainApp({}, (req, res) =>
      count(req) === 1 ? void res.end() : void req.session.destroy((error) => res.send(String(error ?? req.session))),
    );
    const browser = app.browser();
    await browser.get('/');
    expect((await browser.get('/')).text).toBe('undefined');
    expect(await app.store.length()).toBe(0);
  });

  test('unset: destroy', async () => {
    const app = await plainApp({ unset: 'destroy' }, (req, res) => {
      if (count(req) === 2) Object.assign(req, { session: null });
      res.end();
    });
    const browser = app.browser();
    await browser.get('/');
    expect(await app.store.length()).toBe(1);
    await browser.get('/');
    expect(await app.store.length()).toBe(0);
  });

  test('reload reads another request’s changes, and the next save keeps them', async () => {
    const app = await plainApp({}, async (req, res) => {
      if (count(req) === 1 || req.path === '/other') {
        dataOf(req)['path'] = req.path;
        return void res.end();
      }
      await browser.get('/other');
      req.session.reload((error) => {
        dataOf(req)['after'] = true;
        res.json({ error: error ?? null, path: dataOf(req)['path'] });
      });
    });
    const browser = app.browser();
    await browser.get('/');
    expect((await browser.get('/reload')).json()).toEqual({ error: null, path: '/other' });
    expect(await app.store.get(tokenIn(browser.cookies.get('connect.sid')))).toMatchObject({ path: '/other', after: true });
  });

  test('reload of a missing session is an error, and its request saves nothing', async () => {
    for (const resave of [true, false]) {
      const app = await plainApp({ resave, cookie: { maxAge: MINUTE } }, async (req, res) => {
        if (req.path === '/') return void (count(req), res.end());
        await app.store.clear();
        req.session.reload((error: Error) => res.send(error.message));
      });
      const browser = app.browser();
      await browser.get('/');
      expect((await browser.get('/reload')).text).toBe('failed to load session');
      expect(await app.store.length()).toBe(0);
      expect(app.errors).toEqual([]);
    }
  });

  test('save stores at once, and the end of the request does not store again', async () => {
    const app = await plainApp({}, (req, res) => {
      count(req);
      req.session.save(
        (error) => void app.store.get(req.sessionID).then((stored) => res.json({ error: error ?? null, stored: stored !== null })),
      );
    });
    const browser = app.browser();
    for (let visit = 1; visit <= 2; visit++) {
      expect((await browser.get('/')).json()).toEqual({ error: null, stored: true });
      expect(app.sets()).toBe(visit);
    }
  });

  test('store.load returns a session object', async () => {
    const app = await plainApp({ cookie: { maxAge: MINUTE } }, (req, res) => void (count(req), res.send(req.sessionID)));
    const { text: id } = await app.browser().get('/');
    const loaded = await new Promise<{ id: string; cookie: { expires: unknown } } | undefined>((resolve, reject) =>
      app.store.load(id, (error: unknown, session?: object) => (error ? reject(error) : resolve(session as never))),
    );
    expect(loaded?.id).toBe(id);
    expect(loaded?.cookie.expires).toBeInstanceOf(Date);
  });

  test('reserved names stored by someone else do not replace the session’s methods', async () => {
    const app = await plainApp({}, (req, res) => void (count(req), res.send(`${req.sessionID} ${typeof req.session.save}`)));
    const browser = app.browser();
    const [id = ''] = (await browser.get('/')).text.split(' ');
    await app.store.set(id, { ...(await app.store.get(id)), save: 'nope' } as never);
    expect((await browser.get('/')).text).toBe(`${id} function`);
  });
});

describe('what express-session and other stores lose', () => {
  test('semantics 28: a slow request does not revive a destroyed session, not even with resave', async () => {
    for (const resave of [true, false]) {
      const gate = Promise.withResolvers<void>();
      const arrived = Promise.withResolvers<void>();
      const app = await plainApp({ resave, cookie: { maxAge: MINUTE } }, async (req, res) => {
        if (req.path === '/') return void (count(req), res.end());
        if (req.path === '/logout') return void req.session.destroy(() => res.end());
        arrived.resolve();
        await gate.promise;
        count(req);
        res.end();
      });
      const browser = app.browser();
      await browser.get('/');
      const slow = browser.get('/slow');
      await arrived.promise;
      await browser.get('/logout');
      gate.resolve();
      await slow.catch(() => undefined);
      expect(await app.store.length()).toBe(0);
      expect(app.errors).toEqual([expect.objectContaining({ code: 'SESSION_ENDED' })]);
    }
  });

  test('semantics 30: two requests that set different keys both keep their changes', async () => {
    const gate = Promise.withResolvers<void>();
    let waiting = 0;
    const app = await plainApp({ cookie: { maxAge: MINUTE } }, async (req, res) => {
      if (req.path === '/') return void (count(req), res.send(req.sessionID));
      if (++waiting === 2) gate.resolve();
      await gate.promise;
      dataOf(req)[req.path.slice(1)] = true;
      res.end();
    });
    const browser = app.browser();
    const { text: id } = await browser.get('/');
    await Promise.all([browser.get('/cart'), browser.get('/theme')]);
    expect(await app.store.get(id)).toMatchObject({ cart: true, theme: true });
  });

  test('an error of the storage is passed on', async () => {
    const app = await plainApp({}, counting, { ...engine, load: () => Promise.reject(new Error('down')) });
    const browser = app.browser();
    browser.cookies.set('connect.sid', encodeURIComponent(`s:${signature.sign('x', 'plain')}`));
    expect((await browser.get('/')).text).toBe('Error: down');
  });
});
