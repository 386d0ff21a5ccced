import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import connect from 'connect';
import express from 'express';
import { Server as SocketServer } from 'socket.io';
import { io as connectSocket, type Socket } from 'socket.io-client';
import { createServer as createVite } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { LIFETIMES, type TestUser } from './conformance/engine-fixture.ts';
import type { Engine } from './engine-port.ts';
import { openDbEngine } from './engines/db/db-engine.ts';
import { StorageUnavailableError } from './errors.ts';
import { getSessionUser, requireSession, requireSessionAjax } from './guards.ts';
import type { NodeMiddleware } from './node-request.ts';
import { sessionErrorHandler } from './session-errors-middleware.ts';
import { sessionMiddleware, sessionOf } from './session-middleware.ts';
import { createBrowser } from './test-support/browser.ts';
import { listen } from './test-support/http-server.ts';
import { plainRequest } from './test-support/plain-request.ts';
import { COOKIE, createTestHost, withCalls, type TestHost } from './test-support/session-app.ts';
import { resetWarnings } from './warn-once.ts';

// One package has no types, the other has those of Express 5.
const require = createRequire(import.meta.url);
const express4 = require('express4') as typeof express;
const polka = require('polka') as (options?: { onError: (error: unknown, req: IncomingMessage, res: ServerResponse) => void }) => Polka;
interface Polka {
  readonly handler: RequestListener;
  use(...handlers: readonly unknown[]): Polka;
  get(path: string, ...handlers: readonly unknown[]): Polka;
}

/**
 * Outside Express, requests and responses are plain Node objects without `res.vary`, `req.secure` or `req.ip`. An error
 * in a header listener ends the process.
 */

let host: TestHost;
let storage: Engine;
let account: TestUser;
const closing: (() => unknown)[] = [];
beforeAll(async () => {
  host = await createTestHost();
  storage = openDbEngine({ database: await host.storage.connect(), lifetimes: LIFETIMES, now: host.clock.now });
  account = await host.user();
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});
afterAll(() => host.dispose());

const sessions = (engine: Engine = storage): NodeMiddleware =>
  sessionMiddleware({ engine, lifetimes: LIFETIMES, cookie: COOKIE, secrets: ['a secret of the tests'], now: host.clock.now });

type Session = Record<string, unknown> & { n?: number; self?: unknown };
const data = (req: IncomingMessage): Session => (req as unknown as { session: Session }).session;

const routes: Record<string, readonly NodeMiddleware[]> = {
  '/count': [
    (req, res) => {
      const session = data(req);
      session.n = (session.n ?? 0) + 1;
      res.end(String(session.n));
    },
  ],
  '/in': [
    async (req, res) => {
      await sessionOf(req).signIn(account.user, { credentialEpoch: account.credentialEpoch });
      res.end('in');
    },
  ],
  '/page': [requireSession, (req, res) => res.end(getSessionUser(req)?.username)],
  '/api': [requireSessionAjax(), (_req, res) => res.end('api')],
  '/object': [
    (req, res) => {
      // Not a real session: express-session's header listener would throw, into the code that ends the response.
      Object.assign(req, { session: {} });
      res.end('fine');
    },
  ],
};

const last = (error: unknown, _req: unknown, res: ServerResponse): void => {
  res.statusCode = 500;
  res.end(String(error));
};

/** Runs the middleware of a route, like a router. */
function run(path: string, session: NodeMiddleware): RequestListener {
  return (req, res) => {
    const chain = [session, ...(routes[path] ?? [])];
    const next = (error?: unknown): void => {
      if (error !== undefined) return sessionErrorHandler(error, req, res, (left) => last(left, req, res));
      chain.shift()?.(req, res, next);
    };
    next();
  };
}

const viaExpress = (create: typeof express) => (session: NodeMiddleware) => {
  const app = create();
  app.use(session);
  for (const [path, handlers] of Object.entries(routes)) app.get(path, ...handlers);
  app.use(sessionErrorHandler);
  app.use(((error, req, res, _next) => last(error, req, res)) as express.ErrorRequestHandler);
  return listen(app);
};

function mountOnConnect(app: connect.Server, session: NodeMiddleware): connect.Server {
  app.use(session);
  for (const [path, handlers] of Object.entries(routes)) for (const handler of handlers) app.use(path, handler);
  app.use(sessionErrorHandler);
  app.use(((error, req, res, _next) => last(error, req, res)) as connect.ErrorHandleFunction);
  return app;
}

type Server = { readonly url: string; close(): unknown };
const SERVERS: Record<string, (session: NodeMiddleware) => Server | Promise<Server>> = {
  'Express 5': viaExpress(express),
  'Express 4': viaExpress(express4),
  connect: (session) => listen(mountOnConnect(connect(), session)),
  'plain http': (session) => listen((req, res) => run((req.url ?? '').split('?', 1)[0] ?? '', session)(req, res)),
  polka: async (session) => {
    const app = polka({
      onError: (error, req, res) => sessionErrorHandler(error, req, res, (left) => last(left, req, res)),
    });
    app.use(session);
    for (const [path, handlers] of Object.entries(routes)) app.get(path, ...handlers);
    return listen(app.handler);
  },
  'Vite’s configureServer': async (session) => {
    const vite = await createVite({
      configFile: false,
      logLevel: 'silent',
      server: { middlewareMode: true, ws: false, watch: null },
      optimizeDeps: { noDiscovery: true },
      appType: 'custom',
      plugins: [{ name: 'sessions', configureServer: ({ middlewares }) => void mountOnConnect(middlewares, session) }],
    });
    const server = await listen(vite.middlewares);
    return { url: server.url, close: async () => (await server.close(), await vite.close()) };
  },
};

const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };

describe.each(Object.entries(SERVERS))('semantics 53: on %s', (_name, start) => {
  test('keeps data and knows the user; guards refuse and let pass', async () => {
    const server = await start(sessions());
    closing.push(() => server.close());
    const browser = createBrowser(server.url);
    expect((await browser.get('/count')).headers.get('vary')).toMatch(/\bCookie$/);
    expect((await browser.get('/count')).text).toBe('2');
    const sent = await browser.get('/page?tab=1', { headers: NAVIGATION });
    expect([sent.status, sent.headers.get('location')]).toEqual([302, '/login?next=%2Fpage%3Ftab%3D1']);
    const refused = await browser.get('/page');
    expect([refused.status, refused.json<{ error: { reason: string } }>().error.reason]).toEqual([401, 'SIGN_IN_REQUIRED']);
    expect((await browser.get('/api')).status).toBe(403);
    expect((await browser.get('/in')).text).toBe('in');
    expect((await browser.get('/page')).text).toBe(account.user.username);
    const foreign = await browser.get('/api', { headers: { 'x-requested-with': 'XMLHttpRequest', origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
    expect((await browser.get('/api', { headers: { 'x-requested-with': 'XMLHttpRequest' } })).text).toBe('api');
    expect((await storage.listByUser(account.user.id)).sessions.at(-1)?.record.ip).toBe('127.0.0.1');
  });

  test('an unavailable storage is a 503, and a handler that uses its session does not crash', async () => {
    const away = withCalls(() => ({ load: () => Promise.reject(new StorageUnavailableError('unavailable')) }));
    const [broken, server] = [await start(sessions(away(storage))), await start(sessions())];
    closing.push(
      () => broken.close(),
      () => server.close(),
    );
    const browser = createBrowser(server.url);
    await browser.get('/count');
    const answer = await createBrowser(broken.url).get('/count', { headers: { cookie: `sid=${browser.cookies.get('sid')}` } });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect((await createBrowser(server.url).get('/object')).status).toBe(500);
    expect((await browser.get('/count')).text).toBe('2');
  });
});

test('polka’s error handler, which uses any error code as a status, does not end the process', async () => {
  const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  resetWarnings();
  const away = withCalls(() => ({
    load: () => Promise.reject(new StorageUnavailableError('unavailable')),
    create: () => Promise.reject(new StorageUnavailableError('unavailable')),
  }));
  const app = polka();
  app.use(sessions(away(storage))).get('/count', ...(routes['/count'] ?? []));
  const server = await listen(app.handler);
  closing.push(server.close, () => warnings.mockRestore());
  expect((await createBrowser(server.url).get('/count')).status).toBe(500);
  const cookie = `sid=${encodeURIComponent('s:x.')}`;
  expect([200, 500]).toContain((await createBrowser(server.url).get('/count', { headers: { cookie } })).status);
  expect(warnings).toHaveBeenCalledWith(expect.stringContaining('error handler'), expect.anything());
});

describe('with Socket.IO’s engine.use', () => {
  async function start(before?: NodeMiddleware) {
    const session = sessions();
    const app = express();
    app.use(session);
    for (const [path, handlers] of Object.entries(routes)) app.get(path, ...handlers);
    const server = createServer(app);
    const sockets = new SocketServer(server);
    sockets.engine.use(session);
    if (before) sockets.engine.use(before);
    sockets.on('connection', (socket) => {
      socket.emit('who', getSessionUser(socket.request)?.username, data(socket.request).n);
      socket.on('count', (done: (outcome: unknown) => void) => {
        const session = data(socket.request) as Session & {
          reload(then: (error?: Error | null) => void): void;
          save(then: (error?: Error | null) => void): void;
        };
        session.reload((failed) => {
          if (failed) return done(String(failed));
          const fresh = data(socket.request) as typeof session;
          fresh.n = (fresh.n ?? 0) + 1;
          fresh.save((error) => done(error ? String(error) : fresh.n));
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    closing.push(() => sockets.close());
    const browser = createBrowser(url);
    const open = (transport: 'polling' | 'websocket'): Socket => {
      const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const socket = connectSocket(url, { transports: [transport], extraHeaders: { cookie }, reconnection: false });
      closing.push(() => socket.close());
      return socket;
    };
    return { browser, open };
  }

  const said = (socket: Socket): Promise<unknown[]> =>
    new Promise((resolve, reject) => {
      socket.on('who', (...args: unknown[]) => resolve(args));
      socket.on('connect_error', reject);
    });

  test.each(['polling', 'websocket'] as const)('over %s it knows the user and stores changes made by a socket', async (transport) => {
    const { browser, open } = await start();
    await browser.get('/in');
    await browser.get('/count');
    const socket = open(transport);
    expect(await said(socket)).toEqual([account.user.username, 1]);
    expect(await socket.emitWithAck('count')).toBe(2);
    expect((await browser.get('/count')).text).toBe('3');
  });

  test('an upgrade stores a change of a stored session and renews its cookie', async () => {
    const { browser, open } = await start((req, _res, next) => {
      const session = data(req);
      session.n = (session.n ?? 0) + 10;
      next();
    });
    await browser.get('/in');
    await browser.get('/count');
    host.clock.advance(LIFETIMES.activityIntervalMs);
    expect(await said(open('websocket'))).toEqual([account.user.username, 11]);
    await expect.poll(async () => (await storage.listByUser(account.user.id)).sessions.map(({ record }) => record.data['n'])).toContain(11);
  });

  test('data for a new session is not stored, because nobody would get its cookie, and a warning is emitted', async () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    closing.push(() => warnings.mockRestore());
    resetWarnings();
    const before = await storage.count();
    const { open } = await start((req, _res, next) => {
      data(req).n = 1;
      next();
    });
    await said(open('websocket'));
    expect(await storage.count()).toEqual(before);
    expect(warnings).toHaveBeenCalledWith(
      expect.stringContaining('was not stored'),
      expect.objectContaining({ code: 'GATEHOUSE_LATE_SESSION' }),
    );
  });
});

test('an upgrade without a response has the stored session, and refuses to store a new one, whose cookie nobody would get', async () => {
  const before = await storage.count();
  const server = await listen(run('/count', sessions()));
  closing.push(() => server.close());
  const browser = createBrowser(server.url);
  await browser.get('/count');
  const upgrade = async (cookie?: string): Promise<Session> => {
    const req = { headers: { cookie }, url: '/', method: 'GET', socket: {} } as IncomingMessage;
    await new Promise<unknown>((next) => sessions()(req, {} as ServerResponse, next));
    return data(req);
  };
  const save = (session: Session): Promise<unknown> =>
    new Promise((done) => {
      session.n = (session.n ?? 0) + 10;
      (session as unknown as { save: (callback: (error: unknown) => void) => void }).save(done);
    });
  const [[name, value] = []] = browser.cookies;
  expect(await save(await upgrade(`${name}=${value}`))).toBeUndefined();
  expect((await browser.get('/count')).text).toBe('12');
  expect(await save(await upgrade())).toMatchObject({ name: 'UndeliverableCookieError' });
  expect((await storage.count()).sessions).toBe(before.sessions + 1);
});

test('a refused save is answered by hosts that ignore a second call of next, such as koa-connect', async () => {
  const engine = withCalls(() => ({ create: () => Promise.reject(new StorageUnavailableError('down')) }))(storage);
  const refused = Promise.withResolvers<void>();
  const server = await listen((req, res) => {
    let isCalled = false;
    sessions(engine)(req, res, () => {
      if (isCalled) return refused.resolve();
      isCalled = true;
      data(req).n = 1;
      res.end('stored');
    });
  });
  closing.push(() => server.close());
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  closing.push(() => vi.useRealTimers());
  const answer = plainRequest(server.url);
  await refused.promise;
  await vi.advanceTimersByTimeAsync(2000);
  expect(await answer).toMatchObject({ status: 503, setCookies: [], text: expect.stringContaining('STORAGE_UNAVAILABLE') });
});

test('a request that lost its socket does not crash', () => {
  const bare = { headers: {}, url: '/' } as IncomingMessage;
  expect(() => sessions()(bare, { writeHead() {}, setHeader() {}, getHeader() {} } as never, () => undefined)).not.toThrow();
});
