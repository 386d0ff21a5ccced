import { once } from 'node:events';
import { writeFile, stat } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { demoUsers, DEV, startServer, temporaryFolder } from '../test-support/server-process.ts';
import { visitor } from '../test-support/visitor.ts';

// Each start is a process of its own.
vi.setConfig({ testTimeout: 60_000 });

test('the first start creates a database, a secret and two demo users; the second changes nothing and ends no session', async () => {
  await using folder = await temporaryFolder();
  const first = startServer(folder.path);
  const browser = visitor(await first.ready);
  const users = demoUsers(first.output());
  expect([...users.keys()].sort()).toEqual(['admin', 'demo']);
  expect((await browser.signIn('demo', users.get('demo'))).status).toBe(200);
  expect((await visitor(await first.ready).signIn('admin', users.get('admin'))).data.user.role).toBe('admin');
  expect((await stat(join(folder.path, 'session-secret'))).mode & 0o777).toBe(0o600);
  first.child.kill('SIGTERM');
  expect(await first.exited).toBe(0);

  const second = startServer(folder.path);
  const again = visitor(await second.ready);
  expect(demoUsers(second.output()).size).toBe(0);
  again.cookie = browser.cookie;
  expect((await again.query('auth.me')).data.user.username).toBe('demo');
  second.child.kill('SIGTERM');
  expect(await second.exited).toBe(0);
});

test('each database has different demo passwords', async () => {
  await using one = await temporaryFolder();
  await using other = await temporaryFolder();
  const servers = [startServer(one.path), startServer(other.path)];
  await Promise.all(servers.map(({ ready }) => ready));
  const [first, second] = servers.map((server) => demoUsers(server.output()).get('admin'));
  expect(first).toBeDefined();
  expect(first).not.toBe(second);
  for (const { child, exited } of servers) {
    child.kill('SIGTERM');
    await exited;
  }
});

async function refusedStart(dataFolder: string, env: Record<string, string>): Promise<string> {
  const server = startServer(dataFolder, env);
  expect(await server.exited).not.toBe(0);
  // One message without a stack.
  expect(server.output()).not.toMatch(/^\s+at /m);
  return server.output();
}

test('a port in use: one message with the fix', async () => {
  await using folder = await temporaryFolder();
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => void taken.on('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  expect(await refusedStart(folder.path, { PORT: String(port) })).toContain(`Port ${port} is in use`);
  taken.close();
});

test('an argument that the server does not have is refused, with the way to configure it', async () => {
  await using folder = await temporaryFolder();
  const server = startServer(folder.path, {}, [join(import.meta.dirname, 'main.ts'), '--port', '3001']);
  expect(await server.exited).toBe(1);
  expect(server.output()).toContain('The server has no argument --port.');
  expect(server.output()).toContain('PORT=3001');
  expect(server.output()).not.toMatch(/^\s+at /m);
});

test('every wrong setting is reported at once', async () => {
  await using folder = await temporaryFolder();
  const output = await refusedStart(folder.path, { PORT: '99999', SESSION_COOKIE_AGE: 'soon', SESSION_COKIE_NAME: 'x' });
  for (const name of ['PORT', 'SESSION_COOKIE_AGE', 'SESSION_COKIE_NAME']) expect(output).toContain(name);
});

test('a database that cannot be opened: the message has the file and the fix', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'notes.txt');
  await writeFile(file, 'This is a letter, not a database.\n'.repeat(100));
  expect(await refusedStart(folder.path, { DATABASE_URL: `file:${file}` })).toContain('is not a SQLite database');
});

test('a data folder that cannot be created: the message has its path', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  expect(await refusedStart(join(file, 'data'), {})).toContain(join(file, 'data'));
});

test('production requires a secret, and creates no demo users', async () => {
  await using folder = await temporaryFolder();
  const production = { NODE_ENV: 'production', PUBLIC_URL: 'http://localhost:3000' };
  expect(await refusedStart(folder.path, production)).toContain('SESSION_SECRET');
  const server = startServer(folder.path, { ...production, SESSION_SECRET: 'kZ8w3vQn5rT1yXc7bM2pL9dF4hJ6sA0g', HOST: '127.0.0.1' });
  await server.ready;
  expect(demoUsers(server.output()).size).toBe(0);
  server.child.kill('SIGTERM');
  expect(await server.exited).toBe(0);
});

test('semantics 44, security 42: SIGTERM lets running requests finish and commit, refuses new ones, and exits 0', async () => {
  await using folder = await temporaryFolder();
  const server = startServer(folder.path);
  const url = await server.ready;
  const password = demoUsers(server.output()).get('demo');
  // Not fetch, which does not report when a request has been sent. One that was not sent yet may be refused.
  const sent = Array.from({ length: 8 }, () =>
    request(`${url}/trpc/auth.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-requested-with': 'XMLHttpRequest' },
      agent: false,
    }).end(JSON.stringify({ identifier: 'demo', password })),
  );
  const running = sent.map(async (one): Promise<IncomingMessage> => (await once(one, 'response'))[0] as IncomingMessage);
  await Promise.all(sent.map((one) => once(one, 'finish')));
  // Each request hashes a password, so it is still running when the signal comes.
  server.child.kill('SIGTERM');
  const answers = await Promise.all(running);
  for (const answer of answers) answer.resume();
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200));
  expect(await server.exited).toBe(0);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();

  const next = startServer(folder.path);
  const again = visitor(await next.ready);
  for (const { headers } of answers) {
    again.cookie = headers['set-cookie']?.find((cookie) => !cookie.includes('deviceid='))?.split(';', 1)[0];
    expect((await again.query('auth.me')).status).toBe(200);
  }
  next.child.kill('SIGTERM');
  await next.exited;
});

test('pnpm dev serves the web app with hot reload on the same address, and does not restart by itself', async () => {
  await using folder = await temporaryFolder();
  const server = startServer(folder.path, {}, DEV);
  const url = await server.ready;
  expect(await (await fetch(`${url}/profile`)).text()).toContain('/@vite/client');
  expect((await fetch(`${url}/src/main.tsx`)).headers.get('content-type')).toContain('javascript');
  expect((await visitor(url).query('auth.me')).status).toBe(401);
  expect(server.output()).not.toContain('Restarting');
  server.child.kill('SIGTERM');
  expect(await server.exited).toBe(0);
});
