import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionUser } from '@gatehouse/contract';
import { readSettings } from '@gatehouse/settings';
import express, { json, type Express } from 'express';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  createGatehouse,
  gatehouseRouter,
  getSessionUser,
  mergeRouters,
  protectedProcedure,
  publicProcedure,
  requireSession,
  router,
  sessionOf,
  StartError,
  type GatehouseOptions,
} from './index.ts';

const PASSWORD = 'correct horse battery';
const HASHING = { memoryKib: 1024, passes: 1 };
const AJAX = { 'x-requested-with': 'XMLHttpRequest', 'content-type': 'application/json' };

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-create-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Nothing of the environment that the tests run in. */
const settingsIn = (folder: string, env: Record<string, string> = {}) =>
  readSettings({ NODE_ENV: 'test', LOG_LEVEL: 'silent', GATEHOUSE_DATA_DIR: folder, ...env }, { projectRoot: folder });

async function open(options: Omit<GatehouseOptions, 'users'> = {}) {
  const gatehouse = await createGatehouse({ settings: settingsIn(temporaryFolder()), hashing: HASHING, ...options });
  onTestFinished(() => gatehouse.close());
  const created = await gatehouse.accounts.createUser({
    username: 'ada',
    email: 'ada@example.org',
    name: 'Ada',
    role: 'user',
    password: PASSWORD,
  });
  expect(created.ok).toBe(true);
  return gatehouse;
}

async function serve(app: Express) {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close().closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let cookie = '';
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(url + path, {
      redirect: 'manual',
      ...init,
      headers: { cookie, ...(init.headers as Record<string, string>) },
    });
    for (const header of response.headers.getSetCookie()) if (header.startsWith('gatehouse.sid=')) cookie = header.split(';', 1)[0] ?? '';
    const text = await response.text();
    const body: any = text.startsWith('{') ? JSON.parse(text) : text;
    return { status: response.status, location: response.headers.get('location'), body };
  };
  const call = (path: string, input?: unknown, at = '/trpc') =>
    ask(`${at}/${path}`, { method: 'POST', headers: AJAX, body: input === undefined ? '' : JSON.stringify(input) });
  return { ask, call, signIn: (at?: string) => call('auth.login', { identifier: 'ada', password: PASSWORD }, at) };
}

const greet = protectedProcedure.query(({ ctx }) => `Hello ${ctx.user.name}`);

test('the example of the README is a complete app', async () => {
  const gatehouse = await open();
  const app = express();
  app.use(gatehouse.sessions);
  app.use('/trpc', gatehouse.trpc());
  app.get('/hello', requireSession, (req, res) => void res.send(`Hello ${getSessionUser(req)?.name}`));
  app.use(gatehouse.errors);

  const { ask, call, signIn } = await serve(app);
  expect(await ask('/hello', { headers: { accept: 'text/html' } })).toMatchObject({ status: 302, location: '/login?next=%2Fhello' });
  expect((await call('auth.login', { identifier: 'ada', password: 'not the one' })).body).toMatchObject({
    error: { data: { reason: 'INVALID_CREDENTIALS' } },
  });
  expect((await signIn()).status).toBe(200);
  expect((await ask('/hello')).body).toBe('Hello Ada');
  expect((await ask('/trpc/auth.me')).body).toMatchObject({ result: { data: { user: { username: 'ada' } } } });
  expect((await call('auth.logout')).status).toBe(200);
  expect((await ask('/hello')).body).toMatchObject({ error: { reason: 'SIGN_IN_REQUIRED' } });
});

test.each(['before', 'after'])('a body parser of the app %s the sessions changes nothing', async (place) => {
  const gatehouse = await open();
  const app = express();
  if (place === 'before') app.use(json());
  app.use(gatehouse.sessions);
  if (place === 'after') app.use(json());
  app.use('/trpc', gatehouse.trpc());
  app.use('/echo', (req, res) => void res.json(req.body));
  app.use(gatehouse.errors);
  const { ask, signIn, call } = await serve(app);
  expect((await signIn()).status).toBe(200);
  expect((await call('account.updateProfile', { name: 'Countess' })).body).toMatchObject({ result: { data: { name: 'Countess' } } });
  expect((await ask('/echo', { method: 'POST', headers: AJAX, body: '{"tea":1}' })).body).toEqual({ tea: 1 });
  expect((await ask('/trpc/auth.login', { method: 'POST', headers: AJAX, body: '{"half' })).status).toBe(400);
});

test('a storage that does not answer is a 503 in the format of the caller', async () => {
  const gatehouse = await open();
  const app = express();
  app.use(gatehouse.sessions);
  app.use('/trpc', gatehouse.trpc());
  app.get('/hello', requireSession, (_req, res) => void res.end());
  app.use(gatehouse.errors, gatehouse.health);
  const { ask, signIn } = await serve(app);
  await signIn();
  await gatehouse.database.prisma.$executeRaw`DROP TABLE gatehouse_session`;
  const [page, procedure] = [await ask('/hello'), await ask('/trpc/auth.me')];
  expect([page.status, procedure.status]).toEqual([500, 500]);
  expect(page.body).toMatchObject({ error: { reason: 'INTERNAL', requestId: expect.any(String) } });
  expect((await ask('/trpc/auth.me')).body).toMatchObject({ error: expect.anything() });
});

test('an own router is served beside ours, at its own path, with its own context', async () => {
  const gatehouse = await open({ signInPath: '/in', trpcPath: '/api' });
  const mine = router({ greet, language: publicProcedure.query(({ ctx }) => (ctx as unknown as { language: string }).language) });
  const app = express();
  app.use(gatehouse.sessions);
  app.use('/api', gatehouse.trpc(mergeRouters(gatehouseRouter, mine), { context: (req) => ({ language: req.get('accept-language') }) }));
  app.get('/hello', requireSession, (_req, res) => void res.end());
  app.use(gatehouse.errors);
  const { ask, signIn } = await serve(app);
  expect((await ask('/api/greet')).body).toMatchObject({ error: { data: { reason: 'SIGN_IN_REQUIRED' } } });
  expect((await ask('/hello', { headers: { accept: 'text/html' } })).location).toBe('/in?next=%2Fhello');
  await signIn('/api');
  expect((await ask('/api/greet')).body).toEqual({ result: { data: 'Hello Ada' } });
  expect((await ask('/api/language', { headers: { 'accept-language': 'de' } })).body).toEqual({ result: { data: 'de' } });
});

test('a router without ours is refused at once, with the fix', async () => {
  const gatehouse = await open();
  expect(() => gatehouse.trpc(router({ greet }))).toThrow(/lacks auth\.login.*mergeRouters\(gatehouseRouter, yourRouter\)/);
  expect(() => gatehouse.trpc(router({ gatehouse: gatehouseRouter, greet }))).toThrow(/lacks auth\.login/);
  expect(() => gatehouse.trpc(mergeRouters(gatehouseRouter, router({ greet })))).not.toThrow();
});

test('a new SQLite file is migrated; an old one only on request', async () => {
  const folder = temporaryFolder();
  const settings = settingsIn(folder);
  const first = await createGatehouse({ settings, migrate: true });
  expect(first.appliedMigrations.length).toBeGreaterThan(0);
  await first.database.prisma.$executeRaw`DELETE FROM _prisma_migrations`;
  await first.close();
  await expect(createGatehouse({ settings })).rejects.toThrow(StartError);
  await expect(createGatehouse({ settings })).rejects.toThrow(/lacks .* migration.*gatehouse migrate/);
  const other = await createGatehouse({ settings: settingsIn(temporaryFolder()) });
  expect(other.appliedMigrations.length).toBeGreaterThan(0);
  await other.close();
  await other.close();
});

test('options and settings are checked together, and every problem is named at once', async () => {
  const wrong = { databaseUrl: 'oracle:x', secret: 'short', publicUrl: 'app.example', databseUrl: 'file:x' } as GatehouseOptions & {
    users?: undefined;
  };
  await expect(createGatehouse({ ...wrong, env: { SESSION_COOKIE_AGE: 'soon' } })).rejects.toMatchObject({
    problems: expect.arrayContaining(
      ['databaseUrl', 'secret', 'publicUrl', 'databseUrl', 'SESSION_COOKIE_AGE'].map((name) => expect.objectContaining({ name })),
    ),
  });
});

test('a secret is generated beside the database that is named in the code, with a warning, and stays the same', async () => {
  const folder = temporaryFolder();
  const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn() };
  const options = {
    databaseUrl: `file:${join(folder, 'app.db')}`,
    env: { NODE_ENV: 'development', SESSION_SECRET: '', DATABASE_URL: '' },
    logger,
  };
  const first = await createGatehouse(options);
  await first.close();
  expect(existsSync(join(folder, 'session-secret'))).toBe(true);
  expect(logger.warn.mock.calls).toEqual([
    [{ file: join(folder, 'session-secret') }, expect.stringContaining('SESSION_SECRET is not set')],
  ]);
  expect(existsSync(join(folder, 'app.db'))).toBe(true);
});

test('users of the app: no database, and procedures that need accounts are refused', async () => {
  const user = {
    id: '7',
    username: 'ann',
    email: 'ann@example.org',
    name: 'Ann',
    role: 'user',
    status: 'active',
    attributes: {},
  } as SessionUser;
  const gatehouse = await createGatehouse({
    settings: settingsIn(temporaryFolder(), { SESSION_ENGINE: 'memory' }),
    users: { find: (id) => Promise.resolve(id === user.id ? { user, credentialEpoch: 0 } : undefined) },
  });
  onTestFinished(() => gatehouse.close());
  expect(gatehouse).not.toHaveProperty('database');
  const app = express();
  app.use(gatehouse.sessions);
  app.use('/trpc', gatehouse.trpc(mergeRouters(gatehouseRouter, router({ greet }))));
  app.post('/in', async (req, res) => void res.json(await sessionOf(req).signIn(user, { credentialEpoch: 0, method: 'oidc:example' })));
  app.use(gatehouse.errors);
  const { ask, call, signIn } = await serve(app);
  expect(await signIn()).toMatchObject({ status: 501, body: { error: { data: { reason: 'NO_ACCOUNTS' } } } });
  await ask('/in', { method: 'POST' });
  expect((await ask('/trpc/greet')).body).toEqual({ result: { data: 'Hello Ann' } });
  expect((await ask('/trpc/sessions.list')).body).toMatchObject({ result: { data: { sessions: [{ current: true }] } } });
  expect((await call('account.updateProfile', { name: 'Anne' })).body).toMatchObject({ error: { data: { reason: 'NO_ACCOUNTS' } } });
  expect((await call('auth.logout')).status).toBe(200);
  expect((await ask('/trpc/greet')).body).toMatchObject({ error: { data: { reason: 'SIGN_IN_REQUIRED' } } });
});

test('users of the app need an engine that does not read them from a database', async () => {
  const users = { find: () => Promise.resolve(undefined) };
  await expect(createGatehouse({ settings: settingsIn(temporaryFolder()), users })).rejects.toThrow(
    /users cannot be combined with the engine db/,
  );
});
