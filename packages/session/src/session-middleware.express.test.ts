import { readFile } from 'node:fs/promises';
import type { Express, Request, Response } from 'express';
import type { Session, SessionData } from 'express-session';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { StorageUnavailableError } from './errors.ts';
import { newHandle, newSecret } from './session-id.ts';
import { sessionOf } from './session-middleware.ts';
import { handleIn, tokenIn } from './test-support/browser.ts';
import { createTestHost, signedIn, withCalls, type AppOptions, type TestHost } from './test-support/session-app.ts';

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterEach(() => host.stopApps());
afterAll(() => host.dispose());

/** An app whose `/do` runs the given handler, `/put` stores the query in the session, and `/data` shows it. */
async function doing(run: (req: Request, res: Response) => unknown, options?: AppOptions) {
  const app = await host.start((express: Express) => {
    express.all(['/do', '/do/*rest'], async (req, res) => void (await run(req, res)));
    express.post('/put', (req, res) => {
      Object.assign(req.session, req.query);
      res.json({});
    });
    express.get('/data', (req, res) => {
      const { cookie: _, ...data } = req.session as unknown as Record<string, unknown>;
      res.json(data);
    });
  }, options);
  const browser = app.browser();
  return { app, browser, answer: async () => (await browser.post('/do')).json<Record<string, unknown>>() };
}

const stored = (req: Request, id: string): Promise<SessionData | null> =>
  new Promise((resolve, reject) => {
    req.sessionStore.get(id, (error: unknown, session) => (error ? reject(error) : resolve(session ?? null)));
  });
const messageOf = (error: unknown): string => String((error as Error | undefined)?.message);

/** Statements of docs/express.md, by their first words. */
const DIFFERENCES: Record<string, () => Promise<void>> = {
  'A refused cookie is left alone': async () => {
    const { app, browser } = await doing(() => undefined);
    await browser.post('/put?a=1');
    await app.engine.destroyAll();
    const answer = await browser.get('/data');
    expect([answer.json(), answer.setCookies]).toEqual([{}, []]);
  },

  '`req.sessionID` and `req.session.id` are the public id': async () => {
    const { browser, answer } = await doing((req, res) => {
      Object.assign(req, { sessionID: 'mine' });
      res.json({ ids: [req.sessionID, req.session.id] });
    });
    expect(await answer()).toEqual({ ids: ['', ''] });
    await browser.post('/put?a=1');
    const handle = handleIn(browser.cookies.get('sid'));
    expect(await answer()).toEqual({ ids: [handle, handle] });
  },

  '`req.sessionStore.get` takes the value of the cookie': async () => {
    const { browser, answer } = await doing(async (req, res) => {
      const token = tokenIn(/sid=([^;]*)/.exec(req.headers.cookie ?? '')?.[1]);
      const wrong = `${req.sessionID}.${newSecret()}`;
      res.json({ byId: await stored(req, req.sessionID), byToken: await stored(req, token), byWrong: await stored(req, wrong) });
    });
    await browser.post('/put?a=1');
    expect(await answer()).toMatchObject({ byId: null, byToken: { a: '1', cookie: { originalMaxAge: null } }, byWrong: null });
  },

  '`req.sessionStore.set` stores a session of a request': async () => {
    const { browser, answer } = await doing(async (req, res) => {
      const failure: unknown = await new Promise((resolve) => req.sessionStore.set(req.sessionID, { cookie: req.session.cookie }, resolve));
      Object.assign(req.session, { b: 2 });
      await new Promise((resolve) => req.sessionStore.set('any id', req.session, resolve));
      res.status(500).json({ failure: messageOf(failure) });
    });
    await browser.post('/put?a=1');
    expect(await answer()).toEqual({ failure: expect.stringContaining('req.session.save()') });
    expect((await browser.get('/data')).json()).toEqual({ a: '1', b: 2 });
  },

  'There is no `genid`, `resave`, `saveUninitialized`, `rolling`, `unset` or `proxy`': async () => {
    const { app, browser } = await doing((req, res) => {
      Object.assign(req, { session: null });
      res.json({});
    });
    expect((await browser.get('/data')).setCookies).toEqual([]);
    await browser.post('/put?a=1');
    expect((await browser.post('/put?a=1')).setCookies).toEqual([]);
    const handle = handleIn(browser.cookies.get('sid'));
    await browser.post('/do');
    expect(await app.engine.find(handle)).toBeUndefined();
  },

  'Storing comes before the headers': async () => {
    const { browser, answer } = await doing((_req, res) => res.json({ said: 'stored' }), {
      engine: withCalls(() => ({ create: () => Promise.reject(new Error('disk full')) })),
    });
    expect((await browser.post('/put?a=1')).status).toBe(500);
    expect(await answer()).toEqual({ said: 'stored' });
  },

  '`regenerate` and `destroy` end the stored session first': async () => {
    const { browser, answer } = await doing(
      (req, res) =>
        void req.session.regenerate((error: unknown) =>
          res.status(500).json({ error: messageOf(error), a: (req.session as unknown as { a: unknown }).a }),
        ),
      { engine: withCalls(() => ({ destroy: () => Promise.reject(new Error('disk full')) })) },
    );
    await browser.post('/put?a=1');
    expect(await answer()).toEqual({ error: 'disk full', a: '1' });
    expect((await browser.get('/data')).json()).toEqual({ a: '1' });
  },

  'A regenerated session has no id and no cookie until it has data': async () => {
    const { browser, answer } = await doing(
      (req, res) => void req.session.regenerate(() => res.json({ id: req.session.id, keys: Object.keys(req.session) })),
    );
    await browser.post('/put?a=1');
    expect(await answer()).toEqual({ id: '', keys: ['cookie'] });
    expect(browser.cookies.size).toBe(0);
  },

  '`reload` of a session that has ended is `SessionEndedError`': async () => {
    const { app, browser, answer } = await doing(async (req, res) => {
      await app.engine.destroy(req.sessionID);
      req.session.reload((error: unknown) => res.json({ code: (error as { code: string }).code, id: req.sessionID }));
    });
    await browser.post('/put?a=1');
    expect(await answer()).toEqual({ code: 'SESSION_ENDED', id: '' });
  },

  '`save` of an object that `regenerate`, `reload` or `flush` has replaced is `SessionEndedError`': async () => {
    const { app, browser, answer } = await doing(async (req, res) => {
      const before = req.session;
      await sessionOf(req).flush();
      Object.assign(before, { a: 2 });
      Object.assign(req.session, { b: 1 });
      before.save((error: unknown) => res.json({ code: (error as { code: string }).code }));
    });
    await browser.post('/put?a=1');
    const before = (await app.engine.count()).sessions;
    expect(await answer()).toEqual({ code: 'SESSION_ENDED' });
    expect((await browser.get('/data')).json()).toEqual({ b: 1 });
    expect((await app.engine.count()).sessions).toBe(before);
  },

  '`touch` and `resetMaxAge` do nothing': async () => {
    const { app, browser, answer } = await doing((req, res) => {
      req.session.touch().resetMaxAge();
      res.json({});
    });
    await browser.post('/put?a=1');
    await browser.get('/data');
    const found = () => app.engine.find(handleIn(browser.cookies.get('sid')));
    const before = await found();
    host.clock.advance(1000);
    await answer();
    expect(await found()).toEqual(before);
  },

  '`req.session.cookie` has only the age': async () => {
    const { answer } = await doing((req, res) => {
      const { maxAge, expires, originalMaxAge, httpOnly } = req.session.cookie;
      res.json({ maxAge, expires, originalMaxAge, httpOnly });
    });
    expect(await answer()).toEqual({ maxAge: null, expires: null, originalMaxAge: null, httpOnly: true });
  },

  'The cookie has `Max-Age` and no `Expires`': async () => {
    const { browser } = await doing(() => undefined);
    expect((await browser.post('/put?a=1')).setCookies).toEqual([expect.stringMatching(/^(?!.*expires).*max-age=/i)]);
  },

  'The cookie is read only from the `Cookie` header': async () => {
    let cookie = '';
    const { app, browser } = await doing(() => undefined, {
      before: (express) => express.use((req, _res, next) => (Object.assign(req, { cookies: { sid: decodeURIComponent(cookie) } }), next())),
    });
    await browser.post('/put?a=1');
    cookie = String(browser.cookies.get('sid'));
    expect((await app.browser().get('/data')).json()).toEqual({});
  },

  'A `req.session` from another middleware is replaced': async () => {
    const { browser, answer } = await doing((req, res) => res.json({ session: req.session, id: req.sessionID }), {
      before: (express) => express.use((req, _res, next) => (Object.assign(req, { session: { theirs: 1 }, sessionID: 'theirs' }), next())),
    });
    await browser.post('/put?a=1');
    expect(await answer()).toMatchObject({ session: { a: '1' }, id: handleIn(browser.cookies.get('sid')) });
  },

  'A request outside the cookie’s path has a session': async () => {
    const { answer } = await doing((req, res) => res.json({ type: typeof req.session }), { cookie: { path: '/shop' } });
    expect(await answer()).toEqual({ type: 'object' });
  },

  'Two cookies with the session’s name are both ignored': async () => {
    const { app, browser } = await doing(() => undefined);
    await browser.post('/put?a=1');
    const cookie = `sid=${browser.cookies.get('sid')}; sid=other`;
    expect((await app.browser().get('/data', { headers: { cookie } })).json()).toEqual({});
  },

  'An unavailable storage is an error': async () => {
    let isAway = false;
    const away = (): Promise<never> => Promise.reject(new StorageUnavailableError('unavailable'));
    const { browser } = await doing(() => undefined, {
      engine: withCalls((engine) => ({ load: (...args) => (isAway ? away() : engine.load(...args)) })),
    });
    await browser.post('/put?a=1');
    isAway = true;
    expect((await browser.get('/data')).status).toBe(503);
  },

  '`req.session = {…}` is an error': async () => {
    const { browser } = await doing((req, res) => res.json(Object.assign(req, { session: { a: 2 } }).session));
    await browser.post('/put?a=1');
    expect((await browser.post('/do')).status).toBe(500);
    expect((await browser.get('/data')).json()).toEqual({ a: '1' });
  },
};

describe('what differs from express-session', () => {
  test.each(Object.entries(DIFFERENCES))('%s', (_name, check) => check());

  test('is listed in docs/express.md', async () => {
    const text = await readFile(new URL('../../../docs/express.md', import.meta.url), 'utf8');
    const [, section = ''] = text.split('### Where `sessionMiddleware` differs from express-session, and why\n');
    const items = [...(section.split('\n#')[0] ?? '').matchAll(/^- \*\*(.+?)\.?\*\*/gms)].map(([, words]) =>
      words?.replaceAll(/\s+/g, ' '),
    );
    expect(items).toEqual(Object.keys(DIFFERENCES));
  });
});

describe('what is the same as with express-session', () => {
  test('req.sessionStore: length, all, destroy by the public id, load, regenerate, clear', async () => {
    const { app, browser, answer } = await doing(async (req, res) => {
      const { sessionStore: store } = req;
      const told = (call: (done: (error: unknown, result?: unknown) => void) => unknown): Promise<unknown> =>
        new Promise((resolve, reject) => void call((error, result) => (error ? reject(error) : resolve(result))));
      const token = tokenIn(/sid=([^;]*)/.exec(req.headers.cookie ?? '')?.[1]);
      const loaded = (await told((done) => store.load(token, done))) as { a: string };
      const before = { length: await told((done) => store.length?.(done)), all: await told((done) => store.all?.(done)), a: loaded.a };
      await told((done) => store.regenerate(req, done));
      const id = req.sessionID;
      await told((done) => store.destroy(newHandle(), done));
      await told((done) => store.clear?.(done));
      res.json({ before, id, after: await told((done) => store.length?.(done)) });
    });
    await app.engine.destroyAll();
    await browser.post('/put?a=1');
    expect(await answer()).toEqual({ before: { length: 1, all: [{ a: '1' }], a: '1' }, id: '', after: 0 });
  });

  test('req.sessionStore.destroy ends a session by its public id or its token', async () => {
    const { app, browser } = await doing((req, res) => req.sessionStore.destroy(req.query['id'] as string, () => res.json({})));
    for (const idOf of [handleIn, tokenIn]) {
      await browser.post('/put?a=1');
      const cookie = browser.cookies.get('sid');
      await app.browser().post(`/do?id=${idOf(cookie)}`);
      expect(await host.hasRow(cookie)).toBe(false);
    }
  });

  test('a session from store.load cannot be saved, because it has no request', async () => {
    const { browser, answer } = await doing((req, res) => {
      const token = tokenIn(/sid=([^;]*)/.exec(req.headers.cookie ?? '')?.[1]);
      req.sessionStore.load(token, (_error: unknown, session) =>
        (session as Session | undefined)?.save((error: unknown) => res.json({ error: messageOf(error) })),
      );
    });
    await browser.post('/put?a=1');
    expect(await answer()).toEqual({ error: expect.stringContaining('req.session.save()') });
  });
});

describe('semantics 6: req.session = null', () => {
  const drop = (req: Request): void => void Object.assign(req, { session: null });

  test('ends the session, its row and cookie; the request has was destroyed', async () => {
    const { browser } = await doing(async (req, res) => {
      drop(req);
      const failure: unknown = await sessionOf(req)
        .update(() => undefined)
        .catch((error: unknown) => error);
      res.json({ state: sessionOf(req).state().signedIn, id: req.sessionID, failure: messageOf(failure) });
    });
    await browser.post('/put?a=1');
    const cookie = browser.cookies.get('sid');
    const answer = await browser.post('/do');
    expect(answer.json()).toEqual({ state: false, id: '', failure: expect.stringContaining('was destroyed') });
    expect(answer.setCookies).toEqual([expect.stringMatching(/^sid=; Max-Age=0/)]);
    expect(await host.hasRow(cookie)).toBe(false);
  });

  test('without a session, it does not call the storage', async () => {
    const { browser } = await doing((req, res) => (drop(req), res.json({})), {
      engine: withCalls(() => ({ destroy: () => Promise.reject(new Error('asked')), update: () => Promise.reject(new Error('asked')) })),
    });
    expect((await browser.post('/do')).status).toBe(200);
  });

  test('with a 5xx, the session stays', async () => {
    const { browser } = await doing((req, res) => (drop(req), res.status(500).json({})));
    await browser.post('/put?a=1');
    expect((await browser.post('/do')).setCookies).toEqual([]);
    expect((await browser.get('/data')).json()).toEqual({ a: '1' });
  });

  test('a session destroyed before a 5xx stays so, and its cookie is removed', async () => {
    const { browser } = await doing((req, res) => void req.session.destroy(() => res.status(500).json({})));
    await browser.post('/put?a=1');
    const cookie = browser.cookies.get('sid');
    expect((await browser.post('/do')).setCookies).toEqual([expect.stringMatching(/^sid=; Max-Age=0/)]);
    expect(await host.hasRow(cookie)).toBe(false);
  });

  test('after the headers were sent, it still ends the session', async () => {
    const { browser } = await doing((req, res) => {
      res.write('.');
      drop(req);
      res.end();
    });
    await browser.post('/put?a=1');
    const cookie = browser.cookies.get('sid');
    await browser.post('/do');
    expect(await host.hasRow(cookie)).toBe(false);
  });

  test('ends a session that the same request signed in or stored', async () => {
    const owner = await host.user();
    const { app, browser } = await doing(async (req, res) => {
      if (req.path.endsWith('sign-in')) await sessionOf(req).signIn(owner.user, { credentialEpoch: 0 });
      else {
        await sessionOf(req).flush();
        Object.assign(req.session, { next: '/x' });
        await sessionOf(req).commit();
      }
      drop(req);
      res.json({});
    });
    const before = (await app.engine.count()).sessions;
    for (const path of ['/do/sign-in', '/do/put']) {
      expect((await browser.post(path)).setCookies).toEqual([]);
      expect((await app.engine.count()).sessions).toBe(before);
    }
  });

  test('fails if the storage fails, and the next sign-out tries again', async () => {
    let fails = true;
    const { browser } = await doing((req, res) => (drop(req), res.json({})), {
      engine: withCalls((engine) => ({ destroy: (...args) => (fails ? Promise.reject(new Error('disk')) : engine.destroy(...args)) })),
    });
    await browser.post('/put?a=1');
    expect((await browser.post('/do')).status).toBe(500);
    expect((await browser.get('/data')).json()).toEqual({ a: '1' });
    fails = false;
    await browser.post('/do');
    expect(browser.cookies.size).toBe(0);
  });
});

test('semantics 29: a handler that reloads an ended session and passes the error on causes a sign-out', async () => {
  const app = await host.start((express) =>
    express.get('/reload', async (req, res, next) => {
      await app.engine.destroy(req.sessionID);
      req.session.reload((error: unknown) => (error ? next(error) : res.json({})));
    }),
  );
  const { browser } = await signedIn(host, app);
  const answer = await browser.get('/reload');
  expect([answer.status, answer.setCookies]).toEqual([401, []]);
  expect(answer.json()).toMatchObject({ error: { reason: 'SESSION_ENDED' } });
});
