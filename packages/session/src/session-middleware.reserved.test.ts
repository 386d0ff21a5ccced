import type { Express, Request } from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ReservedKeyError } from './errors.ts';
import { sessionOf } from './session-middleware.ts';
import { createTestHost, signedIn, type TestApp, type TestHost } from './test-support/session-app.ts';

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterEach(() => host.stopApps());
afterAll(() => host.dispose());

const dataOf = (req: Request): Record<string, unknown> => req.session as unknown as Record<string, unknown>;

const EXPRESS_SESSION = 'id req cookie touch resetMaxAge save reload destroy regenerate';
const IDENTITY = 'user userId email name role status handle lastActivity';
const JAVASCRIPT = '__proto__ constructor prototype toJSON hasOwnProperty toString valueOf isPrototypeOf __defineGetter__';
const NAMES = `${EXPRESS_SESSION} ${IDENTITY} ${JAVASCRIPT}`.split(' ');

/** Ways in which code sets a reserved name and then responds as if it had worked. */
const STYLES: Record<string, (req: Request, set: () => void, done: () => void) => unknown> = {
  'a handler': (_req, set, done) => (set(), done()),
  'an async handler': async (_req, set, done) => {
    await Promise.resolve();
    set();
    done();
  },
  'the callback of regenerate': (req, set, done) => req.session.regenerate(() => (set(), done())),
  'the callback of save': (req, set, done) => req.session.save(() => (set(), done())),
  'the callback of reload': (req, set, done) => req.session.reload(() => (set(), done())),
  'a timer': (_req, set, done) => setImmediate(() => (set(), done())),
  'a handler that signs in afterwards': async (req, set, done) => {
    set();
    await sessionOf(req).cycle();
    done();
  },
};

const nameIn = (req: Request): string => (req.query as { name: string }).name;

function routes(app: Express): void {
  app.get('/data', (req, res) => {
    const { cookie: _, ...data } = dataOf(req);
    res.json(data);
  });
  app.post('/begin', (req, res) => {
    dataOf(req)['text'] = 'kept';
    res.json({});
  });
  app.post('/set', async (req, res, next) => {
    const { style = '', name = '' } = req.query as Record<string, string>;
    const set = (): void => {
      dataOf(req)[name] = { admin: true };
    };
    try {
      await STYLES[style]?.(req, set, () => res.json({ done: true }));
    } catch (error) {
      next(error);
    }
  });
  app.post('/update', async (req, res) => {
    await sessionOf(req).update((data) => {
      data[nameIn(req)] = 7;
    });
    res.json({ done: true });
  });
  app.post('/assign', (req, res) => {
    Object.assign(req.session, JSON.parse(`{ "also": 1, "${nameIn(req)}": { "admin": true } }`));
    res.json({ done: true });
  });
}

async function expectRefused(app: TestApp, answer: { status: number; text: string }, name: string): Promise<void> {
  expect({ name, status: answer.status, text: answer.text }).toMatchObject({
    status: 500,
    text: expect.stringContaining('ReservedKeyError'),
  });
  expect(app.errors.at(-1)).toBeInstanceOf(ReservedKeyError);
  expect(String(app.errors.at(-1))).toContain(`"${name}"`);
}

test.each(Object.keys(STYLES))('a reserved name, set by %s, is a ReservedKeyError and nothing is stored', async (style) => {
  const app = await host.start(routes);
  const browser = app.browser();
  for (const name of NAMES) {
    if (browser.cookies.size === 0) await browser.post('/begin');
    await expectRefused(app, await browser.post(`/set?style=${style}&name=${name}`), name);
    const data = await browser.get('/data');
    // After regenerate the old session is gone, and the new one was not stored.
    expect(data.json()).toEqual(style.includes('regenerate') ? {} : { text: 'kept' });
  }
});

test.each(['/assign', '/update'])('by %s: Object.assign of parsed JSON, or update(), on a stored session or a new one', async (path) => {
  const app = await host.start(routes);
  for (const name of NAMES) {
    const browser = app.browser();
    await expectRefused(app, await browser.post(`${path}?name=${name}`), name);
    expect((await browser.get('/data')).json()).toEqual({});
    await browser.post('/begin');
    await expectRefused(app, await browser.post(`${path}?name=${name}`), name);
    expect((await browser.get('/data')).json()).toEqual({ text: 'kept' });
  }
});

test('the error shows where the name was set, and what to do instead', async () => {
  const app = await host.start((express) =>
    express.post('/set', function theCulprit(req, res) {
      dataOf(req)['userId'] = 7;
      res.json({});
    }),
  );
  await app.browser().post('/set');
  expect((app.errors[0] as Error).stack).toContain('theCulprit');
  expect((app.errors[0] as Error).message).toContain('signIn()');
});

test('sloppy-mode code gets the error too', async () => {
  // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-type-assertion
  const set = new Function('session', 'session.id = 7') as (session: object) => void;
  const app = await host.start((express) =>
    express.post('/set', (req, res) => {
      set(req.session);
      res.json({});
    }),
  );
  expect((await app.browser().post('/set')).status).toBe(500);
  expect(app.errors).toEqual([expect.any(ReservedKeyError)]);
});

test('reserved names that others stored are loaded, hidden, and stay stored', async () => {
  const app = await host.start((express) => {
    routes(express);
    express.get('/who', (req, res) => void res.json({ user: req.session.user?.id, own: req.session.hasOwnProperty('text') }));
  });
  const { browser, account } = await signedIn(host, app);
  const { prisma } = await host.storage.connect();
  const foreign = JSON.stringify(Object.fromEntries([...NAMES, 'text'].map((name) => [name, 'theirs'])));
  await prisma.session.updateMany({ where: { userId: account.user.id }, data: { data: foreign } });
  expect((await browser.get('/data')).json()).toEqual({ text: 'theirs' });
  expect((await browser.get('/who')).json()).toEqual({ user: account.user.id, own: true });
  await browser.post('/begin');
  expect((await browser.get('/data')).json()).toEqual({ text: 'kept' });
  const [row] = await prisma.session.findMany({ where: { userId: account.user.id } });
  expect(JSON.parse(row?.data ?? '{}')).toMatchObject({ save: 'theirs', userId: 'theirs', text: 'kept' });
});

test('update() stores nothing if the session has an unstorable value, and refuses async functions', async () => {
  const app = await host.start((express) => {
    routes(express);
    express.post('/refused', async (req, res) => {
      dataOf(req)['userId'] = 7;
      await sessionOf(req).update((data) => void (data['count'] = 1));
      res.json({});
    });
    express.post('/async', async (req, res) => {
      await sessionOf(req).update(async (data) => {
        data['count'] = 1;
        await Promise.resolve();
        data['id'] = 7;
        throw new Error('not awaited');
      });
      res.json({});
    });
  });
  for (const isStored of [true, false]) {
    const browser = app.browser();
    if (isStored) await browser.post('/begin');
    for (const path of ['/refused', '/async']) {
      expect((await browser.post(path)).status).toBe(500);
      expect((await browser.get('/data')).json()).toEqual(isStored ? { text: 'kept' } : {});
    }
  }
  expect(String(app.errors.at(-1))).toContain('must not be async');
});

describe('after the headers were sent', () => {
  test.each<[string, (data: Record<string, unknown>) => unknown]>([
    ['a reserved name', (data) => (data['userId'] = 7)],
    ['a value that cannot be stored', (data) => (data['big'] = 1n)],
    ['a cycle', (data) => (data['self'] = data)],
  ])('%s is ignored and reported; the response is sent and the process stays up', async (_name, change) => {
    const app = await host.start((express) => {
      routes(express);
      express.post('/stream', (req, res) => {
        res.write('first');
        setImmediate(() => {
          change(dataOf(req));
          res.end('last');
        });
      });
    });
    const browser = app.browser();
    await browser.post('/begin');
    await browser.post('/stream').catch(() => undefined);
    await expect
      .poll(() => app.errors)
      .toEqual([expect.objectContaining({ code: expect.stringMatching(/^(RESERVED_KEY|UNSTORABLE_VALUE)$/) })]);
    expect((await browser.get('/data')).json()).toEqual({ text: 'kept' });
  });

  test('a name that is set after the response is complete changes nothing', async () => {
    const set = Promise.withResolvers<void>();
    const app = await host.start((express) => {
      routes(express);
      express.post('/late', (req, res) => {
        res.on('finish', () =>
          setImmediate(() => {
            for (const name of NAMES) dataOf(req)[name] = 7;
            set.resolve();
          }),
        );
        res.json({});
      });
    });
    const browser = app.browser();
    await browser.post('/begin');
    expect((await browser.post('/late')).status).toBe(200);
    await set.promise;
    expect((await browser.get('/data')).json()).toEqual({ text: 'kept' });
  });
});

describe('express-session’s methods without a callback', () => {
  test.each(['save', 'reload', 'destroy', 'regenerate'] as const)('%s()', async (method) => {
    const app = await host.start((express) => {
      routes(express);
      express.post('/call', (req, res) => {
        (req.session[method] as () => unknown)();
        res.json({ done: true });
      });
    });
    const browser = app.browser();
    await browser.post('/begin');
    expect((await browser.post('/call')).json()).toEqual({ done: true });
    const isGone = method === 'destroy' || method === 'regenerate';
    await expect.poll(async () => (await browser.get('/data')).json()).toEqual(isGone ? {} : { text: 'kept' });
  });
});

test.each([
  ['an object', { text: 'other' }],
  ['text', 'other'],
  ['an object without a prototype', Object.create(null) as object],
])('replacing req.session by %s is an error, and the request does not hang', async (_name, value) => {
  const app = await host.start((express) => {
    routes(express);
    express.post('/replace', (req, res) => {
      Object.assign(req, { session: value });
      res.json({ done: true });
    });
  });
  const browser = app.browser();
  await browser.post('/begin');
  const answer = await browser.post('/replace');
  expect(answer.status).toBe(500);
  expect(answer.text).toContain('req.session was replaced');
  expect((await browser.get('/data')).json()).toEqual({ text: 'kept' });
});

test('copying all keys to a regenerated session keeps data and age', async () => {
  const app = await host.start((express) => {
    routes(express);
    express.post('/age', (req, res) => {
      req.session.cookie.maxAge = 60_000;
      res.json({});
    });
    express.post('/regenerate', (req, res, next) => {
      const before = req.session;
      req.session.regenerate((error) => {
        if (error) return next(error);
        // Like passport with keepSessionInfo.
        for (const key in before) dataOf(req)[key] = (before as unknown as Record<string, unknown>)[key];
        res.json({});
      });
    });
  });
  const browser = app.browser();
  await browser.post('/begin');
  await browser.post('/age');
  const answer = await browser.post('/regenerate');
  expect(answer.status).toBe(200);
  expect(answer.setCookies).toEqual([expect.stringContaining('Max-Age=60;')]);
  expect((await browser.get('/data')).json()).toEqual({ text: 'kept' });
});

test('a session object remains an express-session Session with its methods, and has no keys of ours', async () => {
  const app = await host.start((express) =>
    express.get('/look', (req, res) => {
      const { session } = req;
      dataOf(req)['text'] = 'a';
      res.json({
        id: session.id === req.sessionID,
        keys: Object.keys(session),
        text: JSON.parse(JSON.stringify(session)) as unknown,
        copied: Object.keys(Object.assign({}, session)),
        own: Object.hasOwn(session, 'text') && 'text' in session,
        methods: [session.touch() === session, session.resetMaxAge() === session],
      });
    }),
  );
  expect((await app.browser().get('/look')).json()).toEqual({
    id: true,
    keys: ['cookie', 'text'],
    text: {
      cookie: { originalMaxAge: null, expires: null, httpOnly: true, path: '/', secure: 'auto', sameSite: 'lax' },
      text: 'a',
    },
    copied: ['cookie', 'text'],
    own: true,
    methods: [true, true],
  });
});
