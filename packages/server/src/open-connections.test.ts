import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test, vi } from 'vitest';
import { adminProcedure, gatehouseRouter, mergeRouters, protectedProcedure, requireSession, router } from './index.ts';
import { createTestGatehouse } from './testing/index.ts';

const EVENT_STREAM = { accept: 'text/event-stream' };

/** Subscriptions of the app itself, which end only when they are aborted. */
async function* ticks({ signal }: { signal?: AbortSignal | undefined }) {
  yield 'tick';
  await new Promise((resolve) => signal?.addEventListener('abort', resolve));
}

async function start() {
  const gatehouse = await createTestGatehouse({ accounts: [{ username: 'ada' }, { username: 'root', role: 'admin' }] });
  const mine = router({ ticks: protectedProcedure.subscription(ticks), adminTicks: adminProcedure.subscription(ticks) });
  const app = express();
  app.use(gatehouse.sessions);
  app.get('/events', requireSession, (req, res) => {
    const connection = gatehouse.watch(req);
    if (!connection.signedIn) return void res.sendStatus(connection.status);
    res.writeHead(200, { 'content-type': 'text/event-stream' }).write(`data: ${connection.user.username}\n\n`);
    connection.onEnd((reason) => res.end(`data: ${reason}\n\n`));
  });
  app.use('/trpc', gatehouse.trpc(mergeRouters(gatehouseRouter, mine)));
  app.use(gatehouse.errors);
  const server = app.listen(0, '127.0.0.1');
  server.on('upgrade', async (req, socket) => {
    const connection = await gatehouse.sessionFromUpgrade(req);
    if (!connection.signedIn) return void socket.end(`HTTP/1.1 ${connection.status} ${connection.reason}\r\n\r\n`);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: test\r\n\r\n${connection.user.username} `);
    connection.onEnd((reason) => socket.end(reason));
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    await gatehouse.close();
    server.close().closeAllConnections();
  });

  /** What the server says until it closes the upgraded connection, or the status of its refusal. */
  const upgrade = (headers: Record<string, string>) =>
    new Promise<{ status: number } | { said: () => string; closed: Promise<string> }>((resolve, reject) => {
      const call = request({ port, headers: { ...headers, connection: 'upgrade', upgrade: 'test' } });
      call.on('upgrade', (_res: IncomingMessage, socket: Socket, head: Buffer) => {
        let text = String(head);
        socket.on('data', (some) => (text += String(some)));
        resolve({ said: () => text, closed: once(socket, 'end').then(() => text) });
      });
      call.on('response', ({ statusCode = 0 }) => resolve({ status: statusCode }));
      call.on('error', reject).end();
    });
  /** A stream that has begun. */
  async function stream(path: string, headers: Record<string, string>) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { ...headers, ...EVENT_STREAM } });
    let text = '';
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const closed = (async () => {
      for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
      return text;
    })();
    return { status: response.status, said: () => text, closed };
  }
  return { gatehouse, upgrade, stream };
}

test('an upgraded connection, a route and an own subscription end with their session', async () => {
  const { gatehouse, upgrade, stream } = await start();
  const session = await gatehouse.signInAs('ada');
  const [connection, events, subscription] = [
    await upgrade(session.headers),
    await stream('/events', session.headers),
    await stream('/trpc/ticks', session.headers),
  ];
  if ('status' in connection) throw new Error(`refused with ${connection.status}`);
  await vi.waitFor(() => {
    expect([connection.said(), events.said()]).toEqual(['ada ', 'data: ada\n\n']);
    expect(subscription.said()).toContain('tick');
  });
  await gatehouse.engine.destroy(session.handle);
  expect(await connection.closed).toBe('ada SESSION_ENDED');
  expect(await events.closed).toBe('data: ada\n\ndata: SESSION_ENDED\n\n');
  expect(await subscription.closed).toContain('"reason":"SESSION_ENDED"');
});

test('the page of another site and a caller without a session get no connection', async () => {
  const { gatehouse, upgrade } = await start();
  const { headers } = await gatehouse.signInAs('ada');
  expect(await upgrade({})).toEqual({ status: 401 });
  for (const other of ['https://evil.example', 'null', 'http://127.0.0.1:1', 'not an origin'])
    expect(await upgrade({ ...headers, origin: other })).toEqual({ status: 403 });
  expect(await upgrade({ ...headers, 'sec-fetch-site': 'same-site' })).toEqual({ status: 403 });
});

test('a subscription for administrators ends when the user is no longer one', async () => {
  const { gatehouse, stream } = await start();
  const session = await gatehouse.signInAs('root');
  const root = await gatehouse.user('root');
  const subscription = await stream('/trpc/adminTicks', session.headers);
  const changes = await stream('/trpc/auth.changes', session.headers);
  await vi.waitFor(() => expect([subscription.said(), changes.said()].join()).toMatch(/tick.*"ready"/s));
  await gatehouse.accounts.setRole(root.id, 'user');
  await subscription.closed;
  await vi.waitFor(() => expect(changes.said()).toContain('"kind":"user"'));
  expect(await (await stream('/trpc/adminTicks', session.headers)).closed).toContain('ROLE_REQUIRED');
});
