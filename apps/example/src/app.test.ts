import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccounts } from '@gatehouse/accounts';
import { openDatabase } from '@gatehouse/prisma';
import { afterAll, beforeAll, expect, test } from 'vitest';

const PASSWORD = 'correct horse battery';
const PAGE = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };
const SCRIPT = { 'x-requested-with': 'XMLHttpRequest' };

// Runs the app as a process, with settings from the environment.
const folder = await mkdtemp(join(tmpdir(), 'gatehouse-example-'));
const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
  env: { PATH: process.env['PATH'], NODE_ENV: 'test', PORT: '0', DATABASE_URL: '', SESSION_ENGINE: 'db', GATEHOUSE_DATA_DIR: folder },
  stdio: ['ignore', 'pipe', 'inherit'],
});
let url = '';
const databaseUrl = `file:${join(folder, 'gatehouse.db')}`;

beforeAll(async () => {
  for await (const line of child.stdout) {
    const port = /Listening on port (\d+)/.exec(String(line))?.[1];
    if (port === undefined) continue;
    url = `http://127.0.0.1:${port}`;
    break;
  }
  await using database = await accountsDatabase();
  for (const [username, role] of [
    ['ada', 'user'],
    ['root', 'admin'],
  ] as const)
    await database.accounts.createUser({ username, email: `${username}@example.org`, name: username, role, password: PASSWORD });
});

afterAll(async () => {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  await rm(folder, { recursive: true, force: true });
});

async function accountsDatabase() {
  const database = await openDatabase(databaseUrl);
  const accounts = createAccounts({ database, hashing: { memoryKib: 1024, passes: 1 } });
  return { accounts, [Symbol.asyncDispose]: () => database.close() };
}

type Init = Omit<RequestInit, 'headers'> & { readonly headers?: Record<string, string> };

/** A minimal browser: it keeps the cookie, and follows no redirects. */
function browser() {
  let cookie = '';
  return async (path: string, { headers = {}, ...init }: Init = {}) => {
    const answer = await fetch(url + path, { ...init, redirect: 'manual', headers: { cookie, ...headers } });
    const [set] = answer.headers.getSetCookie();
    if (set !== undefined) cookie = set.split(';', 1)[0] ?? '';
    const text = await answer.text();
    return {
      status: answer.status,
      location: answer.headers.get('location'),
      body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : text,
    };
  };
}

const credentials = (identifier: string, password = PASSWORD) => ({
  method: 'POST',
  body: new URLSearchParams({ identifier, password }),
});

test('counts anonymous visits, and keeps dates as dates', async () => {
  const visit = browser();
  const first = await visit('/');
  const second = await visit('/');
  expect(second.body).toMatchObject({ name: 'stranger', visits: 2 });
  expect((second.body as { since: string }).since).toBe((first.body as { since: string }).since);
});

test('redirects a page to the login page and back, and answers scripts with 401', async () => {
  const visit = browser();
  expect(await visit('/account', { headers: PAGE })).toMatchObject({ status: 302, location: '/login?next=%2Faccount' });
  expect(await visit('/account')).toMatchObject({ status: 401, body: { error: { reason: 'SIGN_IN_REQUIRED' } } });
  expect((await visit('/login')).status).toBe(200);
  expect((await visit('/login?next=%2Faccount', credentials('ada', 'not it at all'))).status).toBe(401);
  expect(await visit('/login?next=%2Faccount', credentials('ada'))).toMatchObject({ status: 303, location: '/account' });
  expect(await visit('/account', { headers: PAGE })).toMatchObject({ status: 200, body: { user: { username: 'ada' } } });
});

test('keeps all items of ten concurrent requests, and only accepts requests of scripts', async () => {
  const visit = browser();
  await visit('/login', credentials('ada'));
  expect((await visit('/basket/tea', { method: 'POST' })).status).toBe(403);
  const items = Array.from({ length: 10 }, (_, index) => `tea-${index}`);
  await Promise.all(items.map((item) => visit(`/basket/${item}`, { method: 'POST', headers: SCRIPT })));
  const { body } = await visit('/account');
  expect((body as { basket: string[] }).basket.toSorted()).toEqual(items);
});

test('shows a changed department at once in every session', async () => {
  const [visit, admin] = [browser(), browser()];
  await visit('/login', credentials('ada'));
  await admin('/login', credentials('root'));
  expect((await visit('/account')).body).toMatchObject({ user: { attributes: { department: 'Shop floor' } } });
  expect((await visit('/colleagues')).body).toEqual({ department: 'Shop floor', colleagues: ['ada', 'root'] });

  const move = (department: unknown) => ({
    method: 'PATCH',
    headers: { ...SCRIPT, 'content-type': 'application/json' },
    body: JSON.stringify({ department }),
  });
  expect(await admin('/users/ada/attributes', move('Sales'))).toMatchObject({ status: 200, body: { attributes: { department: 'Sales' } } });
  expect((await visit('/colleagues')).body).toEqual({ department: 'Sales', colleagues: ['ada'] });
  expect(await admin('/users/ada/attributes', { method: 'PATCH', headers: SCRIPT })).toMatchObject({ status: 400 });
  expect(await admin('/users/ada/attributes', move(7))).toMatchObject({
    status: 400,
    body: { problems: { 'attributes.department': [expect.any(String)] } },
  });
  expect((await visit('/users/ada/attributes', move('Sales'))).status).toBe(403);
});

test('invalid stored attributes fall back to their defaults, and end no session', async () => {
  const visit = browser();
  await visit('/login', credentials('ada'));
  const database = await openDatabase(databaseUrl);
  for (const attributes of ['{"department":["Sales"]}', '{"half', '{}']) {
    await database.prisma.user.updateMany({ where: { username: 'ada' }, data: { attributes } });
    expect(await visit('/account')).toMatchObject({ status: 200, body: { user: { attributes: { department: 'Shop floor' } } } });
  }
  await database.close();
});

test('requires a role', async () => {
  const [visit, admin] = [browser(), browser()];
  await visit('/login', credentials('ada'));
  await admin('/login', credentials('root'));
  expect((await visit('/orders')).status).toBe(403);
  expect(await admin('/orders')).toMatchObject({ status: 200, body: { orders: [] } });
});

test('sign-out is permanent, and a suspension ends sessions on the next request', async () => {
  const [visit, other] = [browser(), browser()];
  await Promise.all([visit('/login', credentials('ada')), other('/login', credentials('ada'))]);
  expect((await visit('/logout', { method: 'POST' })).status).toBe(303);
  expect((await visit('/account')).status).toBe(401);
  expect((await other('/account')).status).toBe(200);
  await using database = await accountsDatabase();
  const { id } = (await database.accounts.findUser('ada'))!;
  await database.accounts.setStatus(id, 'suspended');
  expect(await other('/account')).toMatchObject({ status: 401, body: { error: { reason: 'SESSION_ENDED' } } });
  await database.accounts.setStatus(id, 'active');
});

test('throttles password guesses, and refuses sign-in from other sites', async () => {
  const visit = browser();
  const elsewhere = { ...credentials('ada'), headers: { origin: 'https://evil.example' } };
  expect((await visit('/login', elsewhere)).status).toBe(403);
  // Each delay doubles, so even on a slow machine a guess eventually comes too early.
  const guesses: number[] = [];
  while (guesses.at(-1) !== 429 && guesses.length < 20)
    guesses.push((await visit('/login', credentials('root', 'a wrong password'))).status);
  expect(guesses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
  expect(guesses.at(-1)).toBe(429);
});
