import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Express } from 'express';
import { setImmediate } from 'node:timers';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import type { Engine } from './engine-port.ts';
import { sessionOf } from './session-middleware.ts';
import type { Browser } from './test-support/browser.ts';
import { createTestHost, intercepted, signedIn, withCalls, type TestHost } from './test-support/session-app.ts';

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterEach(() => host.stopApps());
afterAll(() => host.dispose());

/** Counts calls to the engine. */
function counted() {
  const calls: string[] = [];
  const engine = (inner: Engine): Engine =>
    intercepted(inner, (name, proceed) => {
      calls.push(name);
      return proceed();
    });
  return { calls, engine };
}

const putRoute = (express: Express): void =>
  void express.post('/put', (req, res) => {
    Object.assign(req.session, req.query);
    res.json({ saved: true });
  });

const nextOf = async (browser: Browser): Promise<unknown> => (await browser.get('/next')).json<{ next?: string }>().next;
const nextRoute = (express: Express): void => void express.get('/next', (req, res) => void res.json({ next: req.session.next }));

describe('semantics 22: an unmodified session', () => {
  test('takes one read and no write, however the response is sent', async () => {
    const { calls, engine } = counted();
    const app = await host.start(
      (express) => {
        nextRoute(express);
        express.get('/stream', (_req, res) => {
          res.write('a');
          res.end('b');
        });
        express.get('/touch', (req, res) => {
          req.session.touch();
          res.json({});
        });
        express.get('/same', (req, res) => {
          Object.assign(req.session, { next: req.session.next });
          res.json({});
        });
      },
      { engine },
    );
    const { browser } = await signedIn(host, app);
    for (const path of ['/me', '/next', '/stream', '/touch', '/same', '/nowhere']) {
      calls.length = 0;
      const answer = await browser.get(path);
      expect(answer.setCookies, path).toEqual([]);
      expect(calls, path).toEqual(['load']);
    }
  });

  test('an update that changes nothing writes nothing', async () => {
    const { calls, engine } = counted();
    const app = await host.start(
      (express) => express.post('/same', async (req, res) => void (await sessionOf(req).update((data) => void data.next), res.json({}))),
      { engine },
    );
    const { browser } = await signedIn(host, app);
    calls.length = 0;
    await browser.post('/same');
    expect(calls).toEqual(['load']);
  });

  test('a visitor without a cookie causes no call to the storage', async () => {
    const { calls, engine } = counted();
    const app = await host.start(nextRoute, { engine });
    await app.browser().get('/next');
    expect(calls).toEqual([]);
  });

  test('a change takes one read and one write', async () => {
    const { calls, engine } = counted();
    const app = await host.start(putRoute, { engine });
    const { browser } = await signedIn(host, app);
    calls.length = 0;
    await browser.post('/put?next=/a');
    expect(calls).toEqual(['load', 'update']);
  });
});

describe('semantics 23: data is committed before the headers are sent', () => {
  const WAYS: Record<string, (res: import('express').Response) => void> = {
    'a JSON response': (res) => void res.json({ saved: true }),
    'a redirect': (res) => res.redirect('/next'),
    'a response written in parts': (res) => {
      res.write('sav');
      setImmediate(() => res.end('ed'));
    },
    'writeHead first': (res) => void res.writeHead(200, { 'X-Early': '1' }).end('saved'),
    'headers flushed at once': (res) => {
      res.flushHeaders();
      setImmediate(() => res.end('saved'));
    },
    'only a status': (res) => void res.sendStatus(204),
  };

  test.each(Object.entries(WAYS))('%s does not start before the write is done', async (_name, answerWith) => {
    let isStored = false;
    const slow = withCalls((engine) => ({
      create: async (...args) => {
        await pause(40);
        const created = await engine.create(...args);
        isStored = true;
        return created;
      },
    }));
    const app = await host.start(
      (express) => {
        express.post('/put', (req, res) => {
          const send = Reflect.get(res, '_storeHeader') as (...args: unknown[]) => unknown;
          Object.assign(res, { _storeHeader: (...args: unknown[]) => (headersLeft.push(isStored), Reflect.apply(send, res, args)) });
          Object.assign(req.session, { next: '/b' });
          answerWith(res);
        });
        nextRoute(express);
      },
      { engine: slow },
    );
    const headersLeft: boolean[] = [];
    const browser = app.browser();
    const answer = await browser.post('/put');
    expect(answer.status).toBeLessThan(400);
    expect(headersLeft).toEqual([true]);
    expect(await nextOf(browser)).toBe('/b');
  });

  const FAILING = withCalls(() => ({
    create: () => Promise.reject(new Error('disk full')),
    update: () => Promise.reject(new Error('disk full')),
  }));

  test.each(Object.entries(WAYS))(
    '%s is never sent if the session could not be stored, and neither is a cookie',
    async (_name, answerWith) => {
      const app = await host.start(
        (express) =>
          express.post('/put', (req, res) => {
            Object.assign(req.session, { next: '/b' });
            answerWith(res);
          }),
        { engine: FAILING },
      );
      const answer = await app.browser().post('/put');
      expect(answer.status).toBe(500);
      expect(answer.text).not.toContain('saved');
      expect(answer.setCookies).toEqual([]);
      expect(answer.headers.get('location')).toBeNull();
    },
  );

  test('a sign-in succeeds only once it is stored', async () => {
    const app = await host.start(undefined, { engine: FAILING });
    const browser = app.browser();
    const answer = await browser.post(`/sign-in?user=${(await host.user()).user.id}`);
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('signedIn');
    expect(answer.setCookies).toEqual([]);
  });

  test('a session that could not be stored is not retried after the response', async () => {
    let tries = 0;
    const app = await host.start(putRoute, {
      engine: withCalls(() => ({
        create: () => {
          tries++;
          return Promise.reject(new Error('disk full'));
        },
      })),
    });
    const before = await app.engine.count();
    expect((await app.browser().post('/put?next=/x')).status).toBe(500);
    expect(tries).toBe(1);
    expect(await app.engine.count()).toEqual(before);
  });

  test('a new session that is changed after the headers were sent is not stored, because nobody has its cookie', async () => {
    const app = await host.start((express) =>
      express.post('/late', async (req, res) => {
        res.write('a');
        await pause(5);
        Object.assign(req.session, { next: '/late' });
        res.end('b');
      }),
    );
    const before = await app.engine.count();
    const browser = app.browser();
    expect((await browser.post('/late')).text).toBe('ab');
    expect(browser.cookies.size).toBe(0);
    expect(await app.engine.count()).toEqual(before);
  });

  test('a stored session that is changed after the headers were sent is still stored', async () => {
    const app = await host.start((express) => {
      nextRoute(express);
      express.post('/late', async (req, res) => {
        res.write('a');
        await pause(5);
        Object.assign(req.session, { next: '/late' });
        res.end('b');
      });
    });
    const { browser } = await signedIn(host, app);
    await browser.post('/late');
    expect(await nextOf(browser)).toBe('/late');
  });

  test('concurrent calls of one request that store create one session', async () => {
    const app = await host.start((express) => {
      nextRoute(express);
      express.post('/batch', async (req, res) => {
        const session = sessionOf(req);
        Object.assign(req.session, { next: '/1' });
        const first = session.commit();
        Object.assign(req.session, { next: '/2' });
        req.session.save();
        const outcomes = await Promise.all([
          first,
          session.commit(),
          session.update((data) => Object.assign(data, { other: 1 })),
          session.commit(),
        ]);
        res.json(outcomes.filter(Boolean));
      });
    });
    const browser = app.browser();
    const before = await app.engine.count();
    expect((await browser.post('/batch')).json()).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect(await nextOf(browser)).toBe('/2');
    expect((await app.engine.count()).sessions).toBe(before.sessions + 1);
  });
});

describe('semantics 24: a 5xx', () => {
  test.each<[string, (req: import('express').Request, res: import('express').Response) => void]>([
    ['by status', (_req, res) => void res.status(500).json({})],
    ['by writeHead', (_req, res) => void res.writeHead(503).end()],
    [
      'by an error',
      () => {
        throw new Error('boom');
      },
    ],
  ])('%s does not save the changes of its request, and sends no cookie', async (_name, fail) => {
    const app = await host.start((express) => {
      nextRoute(express);
      putRoute(express);
      express.post('/fail', (req, res) => {
        Object.assign(req.session, { next: '/failed' });
        fail(req, res);
      });
    });
    const { browser } = await signedIn(host, app);
    await browser.post('/put?next=/before');
    const answer = await browser.post('/fail');
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.setCookies).toEqual([]);
    expect(await nextOf(browser)).toBe('/before');
    const before = await app.engine.count();
    const fresh = app.browser();
    expect((await fresh.post('/fail')).setCookies).toEqual([]);
    expect(await app.engine.count()).toEqual(before);
  });

  test('a 4xx saves, because it may be about the session', async () => {
    const app = await host.start((express) => {
      nextRoute(express);
      express.post('/refuse', (req, res) => {
        Object.assign(req.session, { next: '/refused' });
        res.status(422).json({});
      });
    });
    const { browser } = await signedIn(host, app);
    await browser.post('/refuse');
    expect(await nextOf(browser)).toBe('/refused');
  });

  test('data committed during the request stays', async () => {
    const app = await host.start((express) => {
      nextRoute(express);
      express.post('/fail', async (req, res) => {
        Object.assign(req.session, { next: '/committed' });
        await sessionOf(req).commit();
        Object.assign(req.session, { next: '/not' });
        res.status(500).json({});
      });
    });
    const { browser } = await signedIn(host, app);
    await browser.post('/fail');
    expect(await nextOf(browser)).toBe('/committed');
  });
});

test('semantics 25: an anonymous session without data is deleted, row and cookie', async () => {
  const app = await host.start((express) => {
    putRoute(express);
    express.post('/empty', (req, res) => {
      delete req.session.next;
      res.json({});
    });
  });
  const browser = app.browser();
  await browser.post('/put?next=/x');
  const cookie = browser.cookies.get('sid');
  const answer = await browser.post('/empty');
  expect(answer.setCookies).toEqual([expect.stringMatching(/^sid=; Max-Age=0/)]);
  expect(await host.hasRow(cookie)).toBe(false);
});

test('semantics 25: a signed-in session without data stays', async () => {
  const app = await host.start((express) =>
    express.post('/empty', (req, res) => {
      for (const key of Object.keys(req.session)) if (key !== 'cookie') Reflect.deleteProperty(req.session, key);
      res.json({});
    }),
  );
  const { browser } = await signedIn(host, app);
  await browser.post('/empty');
  expect((await browser.get('/me')).json()).toMatchObject({ signedIn: true });
});

test('a response is sent in one piece, whether there was something to save or not', async () => {
  const pieces: string[] = [];
  const app = await host.start(
    (express) => {
      putRoute(express);
      nextRoute(express);
    },
    {
      before: (express) =>
        express.use((_req, res, next) => {
          for (const name of ['write', 'end'] as const) {
            const send = res[name];
            Object.assign(res, { [name]: (...args: unknown[]) => (pieces.push(name), Reflect.apply(send, res, args)) });
          }
          next();
        }),
    },
  );
  const browser = app.browser();
  for (const request of [
    () => browser.get('/next'),
    () => browser.post('/put?next=/a'),
    () => browser.get('/next'),
    () => browser.post('/put?next=/b'),
  ]) {
    pieces.length = 0;
    await request();
    expect(pieces).toEqual(['end']);
  }
});

test('mounted twice, there is one session', async () => {
  const { calls, engine } = counted();
  const app = await host.start(
    (express, session) => {
      express.use(session);
      putRoute(express);
      nextRoute(express);
    },
    { engine },
  );
  const browser = app.browser();
  expect((await browser.post('/put?next=/x')).setCookies).toHaveLength(1);
  calls.length = 0;
  host.clock.advance(LIFETIMES.activityIntervalMs);
  const answer = await browser.get('/next');
  expect(answer.json()).toEqual({ next: '/x' });
  expect(answer.setCookies).toHaveLength(1);
  expect(calls).toEqual(['load']);
});
