import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DATABASES } from '@gatehouse/prisma/testing';
import express from 'express';
import { Server as SocketServer } from 'socket.io';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { LIFETIMES, type EngineFixture } from '../conformance/engine-fixture.ts';
import type { Engine } from '../engine-port.ts';
import { requireSession } from '../guards.ts';
import type { NodeMiddleware } from '../node-request.ts';
import { sessionMiddleware, sessionOf } from '../session-middleware.ts';
import { dbFixtures } from '../test-support/db-fixture.ts';
import { redisFixtures } from '../test-support/redis-fixture.ts';
import { REDIS_AVAILABLE } from '../test-support/redis-server.ts';
import { COOKIE } from '../test-support/session-app.ts';
import { createLiveConnections, type EndReason, type LiveConnections } from './live-connections.ts';
import { createSessionFeed } from './session-feed.ts';

const WITHIN = { timeout: 20_000, interval: 10 };

const STORAGES = [
  ...DATABASES.filter(({ available, name }) => available && name !== 'MariaDB').map((on) => ({
    name: on.name,
    fixtures: () => dbFixtures(on),
  })),
  ...(REDIS_AVAILABLE ? [{ name: 'Redis', fixtures: () => redisFixtures() }] : []),
];

interface Instance {
  readonly url: string;
  readonly engine: Engine;
  readonly live: LiveConnections;
  /** What the last connections of `ws` and of the upgrade listener were told. */
  readonly ends: EndReason[];
}

describe.each(STORAGES)('connections that stay open, on $name', ({ fixtures: create }) => {
  const fixtures = create();
  let fixture: EngineFixture;
  beforeAll(async () => {
    fixture = await fixtures.open();
  });
  afterAll(async () => {
    await fixture.dispose();
    await fixtures.dispose();
  });

  /** A server with a sign-in, WebSockets at /ws, Socket.IO and a stream at /events. */
  async function start(): Promise<Instance> {
    const engine = await fixture.open();
    const { now } = fixture.clock;
    const sessions = sessionMiddleware({ engine, lifetimes: LIFETIMES, cookie: COOKIE, secrets: ['a secret of the tests'], now });
    const feed = createSessionFeed({ engine, now });
    const live = createLiveConnections({ feed, sessions, trustedOrigins: ['https://front.example'] });
    const ends: EndReason[] = [];

    const app = express();
    app.use(sessions);
    app.post('/sign-in/:id', async (req, res) => {
      const session = await engine.listByUser(req.params.id);
      await sessionOf(req).signIn(
        {
          id: req.params.id,
          username: 'ada',
          email: 'a@example.org',
          name: 'A User',
          role: 'user',
          status: 'active',
          attributes: {},
        } as never,
        { credentialEpoch: 0 },
      );
      res.json({ before: session.sessions.length });
    });
    app.get('/events', requireSession, (req, res) => {
      const stream = live.watch(req);
      if (!stream.signedIn) return void res.sendStatus(stream.status);
      res.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(`data: ${stream.user.name}\n\n`);
      stream.onEnd((reason) => res.end(`event: end\ndata: ${reason}\n\n`));
    });

    const server = createServer(app);
    const sockets = new WebSocketServer({ noServer: true });
    server.on('upgrade', (req, socket, head) => {
      if (req.url !== '/ws') return;
      void live.fromUpgrade(req).then((stream) => {
        if (!stream.signedIn) return socket.end(`HTTP/1.1 ${stream.status} ${stream.reason}\r\n\r\n`);
        return sockets.handleUpgrade(req, socket, head, (ws) => {
          ws.send(`hello ${stream.user.name}`);
          stream.onChange((kind) => ws.send(`${kind} ${stream.user.role}`));
          stream.onEnd((reason) => {
            ends.push(reason);
            ws.close(4001, reason);
          });
        });
      });
    });
    const socketServer = new SocketServer(server);
    socketServer.use((socket, next) => {
      void live.fromUpgrade(socket.request).then((stream) => {
        if (!stream.signedIn) return next(new Error(stream.reason));
        stream.onEnd(() => socket.disconnect(true));
        socket.on('disconnect', stream.release);
        return next();
      });
    });
    socketServer.on('connection', (socket) => socket.emit('hello'));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(async () => {
      live.stop();
      await socketServer.close();
      server.closeAllConnections();
      await feed.close();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, engine, live, ends };
  }

  async function signIn({ url }: Instance, userId: string): Promise<string> {
    const answer = await fetch(`${url}/sign-in/${userId}`, { method: 'POST' });
    expect(answer.status).toBe(200);
    return answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  }

  async function openSocket({ url }: Instance, headers: Record<string, string>) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers });
    const said: string[] = [];
    const closed = new Promise<string>((resolve) => void socket.on('close', (code, reason) => resolve(`${code} ${String(reason)}`)));
    socket.on('message', (data) => void said.push((data as Buffer).toString()));
    const refused = new Promise<string>((resolve) => void socket.on('error', ({ message }) => resolve(message)));
    return { socket, said, closed, refused };
  }

  const says = (said: readonly string[], text: string): Promise<void> => vi.waitFor(() => expect(said).toContain(text), WITHIN);

  async function handleOf({ engine }: Instance, userId: string): Promise<string> {
    return (await engine.listByUser(userId)).sessions[0]?.record.handle ?? '';
  }

  test('ws, Socket.IO and a stream of one server are closed when another server ends their sessions', async () => {
    const [here, there] = [await start(), await start()];
    const { user } = await fixture.accounts.create();
    const cookie = await signIn(here, user.id);
    const { said, closed } = await openSocket(here, { cookie });
    await says(said, 'hello A User');
    const client = io(here.url, { extraHeaders: { cookie }, reconnection: false });
    onTestFinished(() => void client.close());
    const disconnected = new Promise<void>((resolve) => void client.on('disconnect', () => resolve()));
    await new Promise<void>((resolve) => void client.on('hello', resolve));
    const stream = await fetch(`${here.url}/events`, { headers: { cookie, accept: 'text/event-stream' } });
    expect(stream.status).toBe(200);

    await fixture.accounts.setRole(user.id, 'admin');
    await says(said, 'user admin');
    await there.engine.destroy(await handleOf(there, user.id));
    expect(await closed).toBe('4001 SESSION_ENDED');
    await disconnected;
    expect(await stream.text()).toBe('data: A User\n\nevent: end\ndata: SESSION_ENDED\n\n');
  });

  test('an expiry closes it; neither the handshake nor the connection is activity; a closed one is watched no longer', async () => {
    const here = await start();
    const { user } = await fixture.accounts.create();
    const cookie = await signIn(here, user.id);
    const handle = await handleOf(here, user.id);
    const before = (await here.engine.find(handle))?.record;
    fixture.clock.advance(3_600_000);
    const one = await openSocket(here, { cookie });
    await says(one.said, 'hello A User');
    one.socket.close();
    await one.closed;
    const other = await openSocket(here, { cookie });
    await says(other.said, 'hello A User');
    expect((await here.engine.find(handle))?.record.lastActivityAtMs).toBe(before?.lastActivityAtMs);
    fixture.clock.advance(LIFETIMES.ageMs - 3_600_000);
    expect(await other.closed).toBe('4001 SESSION_EXPIRED');
    expect(here.ends).toEqual(['SESSION_EXPIRED']);
  });

  test('a page of another site and a visitor without a session are refused; a trusted front end is not', async () => {
    const here = await start();
    const { user } = await fixture.accounts.create();
    const cookie = await signIn(here, user.id);
    expect(await (await openSocket(here, { cookie, origin: 'https://evil.example' })).refused).toContain('403');
    expect(await (await openSocket(here, {})).refused).toContain('401');
    for (const origin of ['https://front.example', here.url]) await says((await openSocket(here, { cookie, origin })).said, 'hello A User');
    here.live.stop();
    await vi.waitFor(() => expect(here.ends).toEqual(['STOPPING', 'STOPPING']), WITHIN);
    expect(await (await openSocket(here, { cookie })).refused).toContain('503');
  });
});

test('a storage that does not answer refuses a handshake with 503, and closes a connection only after half a minute without an answer', async () => {
  let isDown = false;
  const failing = { peek: async (handles: readonly string[]) => (isDown ? Promise.reject(new Error('down')) : peeked(handles)) };
  const problems: unknown[] = [];
  const feed = createSessionFeed({
    engine: failing,
    onError: (error) => void problems.push(error),
    timing: { pollMs: 1, unconfirmedMs: 50 },
  });
  onTestFinished(() => feed.close());
  const events: string[] = [];
  feed.watch('ses_one', ({ kind, ...event }) => void events.push(`${kind} ${'reason' in event ? event.reason : ''}`.trim()));
  await vi.waitFor(() => expect(events).toEqual(['ready']), WITHIN);
  isDown = true;
  await vi.waitFor(() => expect(events).toEqual(['ready', 'ended unavailable']), WITHIN);
  expect(problems.length).toBeGreaterThan(0);

  const failingSessions: NodeMiddleware = (_req, _res, next) => next(Object.assign(new Error('down'), { name: 'StorageUnavailableError' }));
  const live = createLiveConnections({ feed, sessions: failingSessions, trustedOrigins: [] });
  const server = createServer();
  server.on(
    'upgrade',
    (req, socket) => void live.fromUpgrade(req).then((found) => socket.end(`HTTP/1.1 ${'status' in found ? found.status : 101} x\r\n\r\n`)),
  );
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const headers = { connection: 'upgrade', upgrade: 'websocket' };
  const status = await new Promise((resolve, reject) =>
    request({ port: (server.address() as AddressInfo).port, headers })
      .on('response', ({ statusCode }) => resolve(statusCode))
      .on('error', reject)
      .end(),
  );
  expect(status).toBe(503);
});

const peeked = (handles: readonly string[]) =>
  new Map(handles.map((handle) => [handle, { userId: null, expiresAtMs: Infinity, user: null, listVersion: '' }]));
