import { stopwatch } from '@gatehouse/prisma/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Express } from 'express';
import { withDeadline } from './deadline.ts';
import type { Engine } from './engine-port.ts';
import { StorageUnavailableError } from './errors.ts';
import { sessionOf } from './session-middleware.ts';
import type { Answer } from './test-support/browser.ts';
import { createTestHost, intercepted, signedIn, type TestHost } from './test-support/session-app.ts';

const DEADLINE_MS = 150;
/** Allows for a busy machine, and is far from thirty consecutive deadlines. */
const BOUND_MS = DEADLINE_MS * 10;

let host: TestHost;
const unhandled: unknown[] = [];
const onUnhandled = (error: unknown): void => void unhandled.push(error);
beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled);
  host = await createTestHost();
});
afterEach(async () => {
  await host.stopApps();
  expect(unhandled).toEqual([]);
});
afterAll(async () => {
  process.off('unhandledRejection', onUnhandled);
  await host.dispose();
});

type Fault = 'none' | 'hangs' | 'fails' | 'refuses the value';

/** Prisma's error. */
const fromDatabase = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** A storage whose calls can hang or fail, behind the deadline. */
function faulty() {
  let fault: Fault = 'none';
  let only: string | undefined;
  const engine = (inner: Engine): Engine =>
    withDeadline(
      intercepted(inner, (name, proceed) => {
        if (fault === 'none' || (only !== undefined && name !== only)) return proceed();
        if (fault === 'hangs') return new Promise(() => undefined);
        return Promise.reject(
          fault === 'fails' ? fromDatabase('P1001', 'connection refused at 10.0.0.7') : fromDatabase('P2000', 'too long for its column'),
        );
      }),
      DEADLINE_MS,
    );
  return { engine, make: (what: Fault, call?: string): void => void ([fault, only] = [what, call]) };
}

const putRoute = (express: Express): void =>
  void express.post('/put', (req, res) => {
    Object.assign(req.session, { next: req.query['next'] });
    res.json({ saved: true });
  });

async function timed(request: Promise<Answer>): Promise<Answer> {
  const tookMs = stopwatch();
  const answer = await request;
  expect(tookMs()).toBeLessThan(BOUND_MS);
  return answer;
}

function expectUnavailable(answer: Answer): void {
  expect(answer.status).toBe(503);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.json()).toMatchObject({ error: { reason: 'STORAGE_UNAVAILABLE' } });
  expect(answer.text).not.toContain('10.0.0.7');
  expect(answer.setCookies).toEqual([]);
}

describe.each(['hangs', 'fails'] as const)('semantics 41: a storage that %s', (fault) => {
  test('causes a 503 in bounded time, never an anonymous response; afterwards the same cookie works', async () => {
    const storage = faulty();
    const app = await host.start(putRoute, { engine: storage.engine });
    const { browser } = await signedIn(host, app);
    storage.make(fault);
    for (const request of [browser.get('/me'), browser.post('/put?next=/x'), browser.post('/sign-out')])
      expectUnavailable(await timed(request));
    storage.make('none');
    expect((await browser.get('/me')).json()).toMatchObject({ signedIn: true });
    expect(app.errors).toEqual([]);
  });

  test('at sign-in: 503, no cookie, nobody signed in; afterwards it works', async () => {
    const storage = faulty();
    const app = await host.start(undefined, { engine: storage.engine });
    const account = await host.user();
    storage.make(fault, 'create');
    const browser = app.browser();
    expectUnavailable(await timed(browser.post(`/sign-in?user=${account.user.id}`)));
    storage.make('none');
    expect((await app.engine.listByUser(account.user.id)).sessions).toEqual([]);
    expect((await browser.post(`/sign-in?user=${account.user.id}`)).status).toBe(200);
  });

  test('at sign-out: 503, the session stays, and a repetition ends it', async () => {
    const storage = faulty();
    const app = await host.start(undefined, { engine: storage.engine });
    const { browser } = await signedIn(host, app);
    storage.make(fault, 'destroy');
    expectUnavailable(await timed(browser.post('/sign-out')));
    storage.make('none');
    expect((await browser.get('/me')).json()).toMatchObject({ signedIn: true });
    expect((await browser.post('/sign-out')).status).toBe(200);
    expect((await browser.get('/me')).json()).toMatchObject({ signedIn: false });
  });

  test('at a change: 503, the stored data stays; afterwards the change works', async () => {
    const storage = faulty();
    const app = await host.start(
      (express) => {
        putRoute(express);
        express.get('/next', (req, res) => void res.json({ next: req.session.next }));
      },
      { engine: storage.engine },
    );
    const { browser } = await signedIn(host, app);
    await browser.post('/put?next=/before');
    storage.make(fault, 'update');
    expectUnavailable(await timed(browser.post('/put?next=/after')));
    storage.make('none');
    expect((await browser.get('/next')).json()).toEqual({ next: '/before' });
    await browser.post('/put?next=/after');
    expect((await browser.get('/next')).json()).toEqual({ next: '/after' });
  });

  test('thirty concurrent changes of one session are all answered in the time of one', async () => {
    const storage = faulty();
    const app = await host.start(
      (express) =>
        express.post('/increment', async (req, res) => {
          await sessionOf(req).update((data) => Object.assign(data, { count: Number(data['count'] ?? 0) + 1 }));
          res.json({});
        }),
      { engine: storage.engine },
    );
    const { browser } = await signedIn(host, app);
    storage.make(fault, 'update');
    for (const answer of await Promise.all(Array.from({ length: 30 }, () => timed(browser.post('/increment'))))) expectUnavailable(answer);
    storage.make('none');
    expect((await browser.post('/increment')).status).toBe(200);
  });

  test('requests that do not need the storage are served', async () => {
    const storage = faulty();
    const app = await host.start(undefined, {
      engine: storage.engine,
      before: (express) => express.get('/healthz', (_req, res) => void res.send('ok')),
    });
    const { browser } = await signedIn(host, app);
    storage.make(fault);
    expect((await browser.get('/healthz')).text).toBe('ok');
    expect((await app.browser().get('/me')).status).toBe(200);
  });

  test('a navigation gets an error page, not the login page', async () => {
    const storage = faulty();
    const app = await host.start(undefined, { engine: storage.engine });
    const { browser } = await signedIn(host, app);
    storage.make(fault);
    const answer = await browser.get('/me', { headers: { accept: 'text/html' } });
    expect([answer.status, answer.headers.get('location')]).toEqual([503, null]);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  });
});

test('semantics 41: after a store’s "disconnect", after which express-session continues without sessions, nothing is served without one', async () => {
  const app = await host.start((express) =>
    express.post('/disconnect', (req, res) => {
      req.sessionStore.emit('disconnect');
      res.json({});
    }),
  );
  const { browser } = await signedIn(host, app);
  await browser.post('/disconnect');
  const answer = await browser.get('/me');
  expect(answer.json()).toMatchObject({ signedIn: true });
});

test('semantics 41: while another writer locks the database, reads work and a write waits or gets 503; afterwards it works', async () => {
  const app = await host.start(putRoute, { engine: (engine) => withDeadline(engine, DEADLINE_MS) });
  const { browser } = await signedIn(host, app);
  // The first request with a cookie is recorded, which is a write; later ones only read.
  await browser.get('/me');
  const locker = await (await host.storage.connect()).adapter.connect();
  try {
    await locker.executeScript('BEGIN IMMEDIATE');
    expect((await browser.get('/me')).json()).toMatchObject({ signedIn: true });
    expectUnavailable(await timed(browser.post('/put?next=/locked')));
  } finally {
    await locker.executeScript('ROLLBACK');
    await locker.dispose();
  }
  await vi.waitFor(async () => expect((await browser.post('/put?next=/open')).status).toBe(200), { timeout: 20_000 });
});

test('semantics 42: a corrupt row counts as signed out, once, and the next sign-in works', async () => {
  const app = await host.start();
  const { browser, account } = await signedIn(host, app);
  const { prisma } = await host.storage.connect();
  await prisma.session.updateMany({ where: { userId: account.user.id }, data: { data: 'null' } });
  expect((await browser.get('/me')).json()).toEqual({ signedIn: false, reason: 'SESSION_ENDED' });
  expect((await browser.post(`/sign-in?user=${account.user.id}`)).status).toBe(200);
  expect((await browser.get('/me')).json()).toMatchObject({ signedIn: true });
});

test('semantics 42: data of another shape or version does not crash: fitting keys are kept', async () => {
  const app = await host.start((express) =>
    express.get(
      '/data',
      (req, res) => void res.json({ next: req.session.next, loginTime: req.session.loginTime, user: req.session.user?.id }),
    ),
  );
  const { browser, account } = await signedIn(host, app);
  const { prisma } = await host.storage.connect();
  const foreign = '{"next": 7, "loginTime": "yesterday", "user": "root", "cookie": {"expires": 1}, "__proto__": {"admin": true}, "id": 1}';
  await prisma.session.updateMany({ where: { userId: account.user.id }, data: { data: foreign } });
  const answer = await browser.get('/data');
  expect(answer.status).toBe(200);
  expect(answer.json()).toEqual({ user: account.user.id });
});

test('a client that disconnects halfway causes no error, and its change is stored', async () => {
  const gone = Promise.withResolvers<void>();
  const app = await host.start((express) =>
    express.post('/abort', (req, res) => {
      Object.assign(req.session, { next: '/aborted' });
      res.on('close', () => gone.resolve());
      controller.abort();
      void gone.promise.then(() => res.json({}));
    }),
  );
  const controller = new AbortController();
  const { browser, account } = await signedIn(host, app);
  await expect(browser.post('/abort', { signal: controller.signal })).rejects.toThrow('aborted');
  await vi.waitFor(
    async () => expect((await app.engine.listByUser(account.user.id)).sessions[0]?.record.data).toMatchObject({ next: '/aborted' }),
    {
      timeout: 20_000,
    },
  );
});

test('a value that the storage refuses is an error of the app, not an outage', async () => {
  const storage = faulty();
  const app = await host.start(putRoute, { engine: storage.engine });
  const { browser } = await signedIn(host, app);
  storage.make('refuses the value', 'update');
  const answer = await browser.post('/put?next=/x');
  expect(answer.status).toBe(500);
  expect(answer.headers.get('retry-after')).toBeNull();
  storage.make('none');
  expect((await browser.post('/put?next=/y')).status).toBe(200);
});

test('every outage is a StorageUnavailableError, whatever the storage threw', async () => {
  const storage = faulty();
  const seen: unknown[] = [];
  const app = await host.start(
    (express) =>
      express.post('/commit', async (req, res) => {
        Object.assign(req.session, { next: '/x' });
        await sessionOf(req)
          .commit()
          .catch((error: unknown) => seen.push(error));
        res.json({});
      }),
    { engine: storage.engine },
  );
  const { browser } = await signedIn(host, app);
  storage.make('fails', 'update');
  expectUnavailable(await browser.post('/commit'));
  expect(seen).toEqual([expect.any(StorageUnavailableError)]);
});
