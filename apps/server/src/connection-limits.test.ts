import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express, { type RequestHandler } from 'express';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runApp, type RunningApp } from '../test-support/running-app.ts';
import { connectionLimits, type ConnectionLimits } from './connection-limits.ts';
import { createHttpServer } from './http-server.ts';
import { openSpa } from './spa.ts';

const sockets: Socket[] = [];
afterAll(() => sockets.forEach((socket) => socket.destroy()));

/** A connection that is not read until a listener is added. */
async function open(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
  socket.on('error', () => undefined);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Polls; the long timeout is only a limit. */
const until = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000, interval: 20 });

const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;

/** Reads until the server closes the connection. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket
    .setEncoding('latin1')
    .on('data', (chunk: string) => (text += chunk))
    .resume();
  await once(socket, 'close');
  return text;
}

/** A server with one handler behind the limits. */
async function serve(limits: ConnectionLimits, handler: RequestHandler) {
  const server = createHttpServer();
  server.on('request', express().use(connectionLimits(limits), handler));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count))),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('security 43: pipelined requests of a client that does not read', () => {
  let folder: string;
  let app: RunningApp;
  /** Of the large file: that of the small one may be open for a moment after its response. */
  const openFiles = (): number =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === join(folder, 'assets/large.js');
      } catch {
        return false;
      }
    }).length;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-assets-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>Gatehouse</title>');
    // More than the kernel buffers for a client that does not read.
    await writeFile(join(folder, 'assets/large.js'), Buffer.alloc(8 * 1024 * 1024, ' '));
    await writeFile(join(folder, 'assets/small.js'), '"small"');
    app = await runApp({}, { web: openSpa(folder) });
  });
  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  test.runIf(process.platform === 'linux')('open one file per connection, and close it with the connection', async () => {
    const connections = await Promise.all(Array.from({ length: 5 }, () => open(app.url)));
    for (const socket of connections) socket.write(get('/assets/large.js').repeat(30));
    await until(() => expect(openFiles()).toBeGreaterThanOrEqual(connections.length));
    // By the time that a request on another connection is answered, the server has read all of them.
    expect((await fetch(`${app.url}/assets/small.js`)).status).toBe(200);
    expect(openFiles()).toBe(connections.length);
    for (const socket of connections) socket.destroy();
    await until(() => expect(openFiles()).toBe(0));
  });

  test.each(['/assets/small.js', '/', '/no-such.file', '/trpc/auth.presence', '/healthz', '/account/export'])(
    '%s: each is answered, in order',
    async (path) => {
      const socket = await open(app.url);
      socket.write(get(path).repeat(20) + get('/readyz', 'Connection: close\r\n'));
      const answers = (await readAll(socket)).split('HTTP/1.1 ').slice(1);
      expect(answers).toHaveLength(21);
      expect(answers.at(-1)).toContain('{"status":"ready"}');
    },
  );

  test('too many: the connection is closed, and other clients are served', async () => {
    const socket = await open(app.url);
    socket.write(get('/assets/large.js').repeat(200));
    // Closed before the first response was complete.
    expect((await readAll(socket)).length).toBeLessThan(8 * 1024 * 1024);
    expect((await fetch(`${app.url}/assets/small.js`)).status).toBe(200);
  });
});

test('a waiting request is dropped if its connection closes', async () => {
  const handler = vi.fn<RequestHandler>();
  await using server = await serve({ maxPipelined: 10, stalledMs: 60_000 }, handler);
  const socket = await open(server.url);
  socket.write(get('/').repeat(10));
  await until(() => expect(handler).toHaveBeenCalled());
  const [, first] = handler.mock.calls[0] ?? [];
  const closed = new Promise((resolve) => first?.once('close', resolve));
  socket.destroy();
  await closed;
  expect(await server.connections()).toBe(0);
  expect(handler).toHaveBeenCalledOnce();
});

// A line break before a request is skipped (RFC 9112, 2.2). It does not start a request, so the timeout for headers does not apply.
test.each(['', '\r\n'])('a client that does not read its response is disconnected, even if it keeps sending %j', async (more) => {
  const handler = vi.fn<RequestHandler>((_req, res) => void res.send(Buffer.alloc(32 * 1024 * 1024)));
  await using server = await serve({ maxPipelined: 1, stalledMs: 100 }, handler);
  const socket = await open(server.url);
  socket.write(get('/'));
  await until(() => expect(handler).toHaveBeenCalled());
  await until(async () => {
    socket.write(more);
    expect(await server.connections()).toBe(0);
  });
});

test('a slow handler is not mistaken for a stalled client', async () => {
  await using server = await serve({ maxPipelined: 1, stalledMs: 5 }, (_req, res) => void setTimeout(() => res.send('late'), 50));
  expect(await (await fetch(server.url)).text()).toBe('late');
});

test('the report of all sessions is generated at the speed of the client, and stops when the client disconnects', async () => {
  const app = await runApp({}, { connections: { maxPipelined: 1, stalledMs: 200 } });
  try {
    const admin = app.visitor();
    await admin.signIn('root');
    const { sessions } = await app.engine.list({ limit: 1 });
    const page = Array.from({ length: 500 }, () => ({ ...sessions[0]!, record: { ...sessions[0]!.record, userAgent: 'x'.repeat(500) } }));
    const PAGES = 200;
    let asked = 0;
    vi.spyOn(app.engine, 'list').mockImplementation(async () => ({
      sessions: page,
      next: (asked += 1) < PAGES ? String(asked) : undefined,
    }));
    const socket = await open(app.url);
    socket.write(get('/admin/sessions.csv', `Cookie: ${admin.cookie}\r\n`));
    await until(() => expect(asked).toBeGreaterThan(0));
    await until(async () => expect(await app.connections()).toBeLessThanOrEqual(1));
    expect(asked).toBeLessThan(PAGES);
  } finally {
    vi.restoreAllMocks();
    await app.close();
  }
});
