import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { request, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SessionUser } from '@gatehouse/contract';
import { signInAs } from '@gatehouse/session/testing';
import { readSettings } from '@gatehouse/settings';
import { initTRPC } from '@trpc/server';
import express, { json, type Express } from 'express';
import { expect, onTestFinished, test, vi } from 'vitest';
import { missingPackage } from './missing-package.ts';
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
const ANN = {
  id: '7',
  username: 'ann',
  email: 'ann@example.org',
  name: 'Ann',
  role: 'user',
  status: 'active',
  attributes: {},
} as SessionUser;
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
  return {
    url,
    cookie: () => cookie,
    ask,
    call,
    signIn: (at?: string) => call('auth.login', { identifier: 'ada', password: PASSWORD }, at),
  };
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
  let isAway = false;
  const gatehouse = await createGatehouse({
    settings: settingsIn(temporaryFolder(), { SESSION_ENGINE: 'memory' }),
    users: { find: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve({ user: ANN, credentialEpoch: 0 })), maxAgeMs: 0 },
  });
  onTestFinished(() => gatehouse.close());
  const app = express();
  app.use(gatehouse.sessions);
  app.use('/trpc', gatehouse.trpc());
  app.post('/in', async (req, res) => void res.json(await sessionOf(req).signIn(ANN, { credentialEpoch: 0, method: 'ldap' })));
  app.get('/hello', requireSession, (_req, res) => void res.end());
  app.use(gatehouse.errors);
  const { ask } = await serve(app);
  await ask('/in', { method: 'POST' });
  isAway = true;
  expect(await ask('/hello')).toMatchObject({ status: 503, body: { error: { reason: 'STORAGE_UNAVAILABLE' } } });
  expect(await ask('/trpc/auth.me')).toMatchObject({ status: 503, body: { error: { data: { reason: 'STORAGE_UNAVAILABLE' } } } });
  isAway = false;
  expect((await ask('/hello')).status).toBe(200);
});

test('semantics 61: an expiry policy that fails is a 500 in the format of the caller, and its cause is in the log', async () => {
  let isBroken = false;
  const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn() };
  const gatehouse = await open({
    logger,
    expiry: () => {
      if (isBroken) throw new Error('no timetable');
      return 'keep';
    },
  });
  const app = express();
  app.use(gatehouse.sessions);
  app.use('/trpc', gatehouse.trpc());
  app.get('/hello', requireSession, (_req, res) => void res.end());
  app.use(gatehouse.errors);
  const { ask, signIn } = await serve(app);
  const session = await signInAs(gatehouse, ...(await grantOf(gatehouse)));
  isBroken = true;
  expect((await signIn()).status).toBe(500);
  expect(await ask('/hello', session)).toMatchObject({ status: 500, body: { error: { reason: 'INTERNAL' } } });
  expect(await ask('/trpc/auth.me', session)).toMatchObject({ status: 500, body: { error: { data: { reason: 'INTERNAL' } } } });
  const causes = logger.error.mock.calls.map(([line]) => String((line as { err: Error }).err.cause));
  expect(causes).toEqual(['Error: no timetable', 'Error: no timetable', 'Error: no timetable']);
});

async function grantOf({ accounts }: Awaited<ReturnType<typeof open>>) {
  const { user, credentialEpoch } = (await accounts.forSignIn((await accounts.findUser('ada'))!.id))!;
  return [user, { credentialEpoch }] as const;
}

test('an unexpected error of a route is a 500 with the id that is in the log', async () => {
  const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn() };
  const gatehouse = await open({ logger });
  const app = express();
  app.use(gatehouse.sessions);
  app.get('/broken', () => {
    throw new Error('a secret detail');
  });
  app.use(gatehouse.errors);
  const { ask } = await serve(app);
  const { status, body } = await ask('/broken');
  expect({ status, body }).toEqual({
    status: 500,
    body: { error: { reason: 'INTERNAL', message: 'Something went wrong.', requestId: expect.any(String) } },
  });
  expect(logger.error).toHaveBeenCalledWith(expect.objectContaining({ id: body.error.requestId }), 'A request failed.');
});

test('/readyz answers 503 as soon as the app is drained', async () => {
  const gatehouse = await open();
  const app = express();
  app.use(gatehouse.health);
  const { ask } = await serve(app);
  expect((await ask('/readyz')).status).toBe(200);
  gatehouse.drain();
  expect([(await ask('/readyz')).status, (await ask('/healthz')).status]).toEqual([503, 200]);
});

test('semantics 28: a call whose body is held back does not act with a session that was ended in the meantime', async () => {
  const gatehouse = await open();
  const begun = Promise.withResolvers<void>();
  const app = express();
  app.use((req, _res, next) => {
    if (req.path === '/trpc/account.updateProfile') begun.resolve();
    next();
  });
  app.use(gatehouse.sessions);
  app.use('/trpc', gatehouse.trpc());
  app.use(gatehouse.errors);
  const { url, signIn, call, cookie } = await serve(app);
  await signIn();
  const body = JSON.stringify({ name: 'Too late' });
  const slow = request(`${url}/trpc/account.updateProfile`, {
    method: 'POST',
    agent: false,
    headers: { ...AJAX, cookie: cookie(), 'content-length': body.length },
  });
  slow.write(body.slice(0, 5));
  await begun.promise;
  expect((await call('auth.logout')).status).toBe(200);
  const answered = once(slow, 'response') as Promise<[IncomingMessage]>;
  slow.end(body.slice(5));
  const [answer] = await answered;
  expect(answer.resume().statusCode).toBe(401);
  expect((await gatehouse.accounts.findUser('ada'))?.name).toBe('Ada');
});

test('TRUST_PROXY is applied to the app, and a value of the app itself stays', async () => {
  const behindProxy = { PUBLIC_URL: 'https://app.test', TRUST_PROXY: '1' };
  const gatehouse = await open({ settings: settingsIn(temporaryFolder(), behindProxy) });
  const run = async (own?: boolean) => {
    const app = express();
    if (own !== undefined) app.set('trust proxy', own);
    app.use('/trpc', gatehouse.trpc());
    const { ask } = await serve(app);
    const headers = { ...AJAX, 'x-forwarded-proto': 'https' };
    return ask('/trpc/auth.login', { method: 'POST', headers, body: JSON.stringify({ identifier: 'ada', password: PASSWORD }) });
  };
  expect((await run()).status).toBe(200);
  expect((await run(true)).status).toBe(200);
  const plain = express();
  plain.use('/trpc', gatehouse.trpc());
  expect(await (await serve(plain)).signIn()).toMatchObject({ status: 403, body: { error: { reason: 'HTTPS_REQUIRED' } } });
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
  expect(() => gatehouse.trpc(router({ greet }))).toThrow(/lacks .*auth\.login.*mergeRouters\(gatehouseRouter, yourRouter\)/);
  expect(() => gatehouse.trpc(router({ gatehouse: gatehouseRouter, greet }))).toThrow(/lacks .*auth\.login/);
  expect(() => gatehouse.trpc(mergeRouters(gatehouseRouter, router({ greet })))).not.toThrow();
  expect(() => gatehouse.trpc(router({ ...gatehouseRouter._def.record, greet }))).not.toThrow();
  const foreign = initTRPC.create();
  expect(() => gatehouse.trpc(foreign.router({ ...gatehouseRouter._def.record }))).toThrow(/formats errors in its own way/);
});

test('a new SQLite file is migrated; an old one only on request', async () => {
  const folder = temporaryFolder();
  const settings = settingsIn(folder);
  const first = await createGatehouse({ settings, migrate: true });
  expect(first.appliedMigrations.length).toBeGreaterThan(0);
  await first.database.prisma.$executeRaw`DELETE FROM _gatehouse_migrations`;
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
  const gatehouse = await createGatehouse({
    settings: settingsIn(temporaryFolder(), { SESSION_ENGINE: 'memory' }),
    users: { find: (id) => Promise.resolve(id === ANN.id ? { user: ANN, credentialEpoch: 0 } : undefined) },
  });
  onTestFinished(() => gatehouse.close());
  expect(gatehouse).not.toHaveProperty('database');
  const app = express();
  app.use(gatehouse.sessions);
  app.use('/trpc', gatehouse.trpc(mergeRouters(gatehouseRouter, router({ greet }))));
  app.post('/in', async (req, res) => void res.json(await sessionOf(req).signIn(ANN, { credentialEpoch: 0, method: 'oidc:example' })));
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

/** Prints every module that an app with its own users loads. */
const PROGRAM = `
import { registerHooks } from 'node:module';
const loaded = new Set();
registerHooks({ load(url, context, next) { loaded.add(url); return next(url, context); } });
const { createGatehouse } = await import('@gatehouse/server');
const env = { SESSION_ENGINE: 'memory', DATABASE_URL: '', GATEHOUSE_DATA_DIR: process.env.FOLDER };
const gatehouse = await createGatehouse({ users: { find: async () => undefined }, env });
gatehouse.trpc();
await gatehouse.close();
console.log(JSON.stringify([...loaded]));
`;

test('an app with its own users loads neither a database driver nor a password hash', async () => {
  const env = { PATH: process.env['PATH'], NODE_ENV: 'test', FOLDER: temporaryFolder() };
  const options = { env, cwd: import.meta.dirname };
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', PROGRAM], options);
  const loaded = JSON.parse(stdout) as string[];
  expect(loaded.filter((url) => url.includes('/engines/memory/'))).not.toEqual([]);
  expect(loaded.filter((url) => /prisma|better-sqlite3|mariadb|argon2|bcrypt|packages\/accounts/.test(url))).toEqual([]);
});

test('a package that is not installed is named, with the command that installs it', () => {
  let error: unknown;
  try {
    createRequire(import.meta.url)('no-such-package');
  } catch (thrown) {
    error = thrown;
  }
  expect(missingPackage(error)?.message).toMatch(/no-such-package is not installed.*npm install no-such-package/);
  const esm = Object.assign(new Error("Cannot find package 'redis' imported from /app/main.js"), { code: 'ERR_MODULE_NOT_FOUND' });
  expect(missingPackage(esm)?.message).toMatch(/npm install redis$/);
  expect(missingPackage(new Error('other'))).toBeUndefined();
});
