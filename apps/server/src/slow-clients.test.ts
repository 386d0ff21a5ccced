import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { faultFigures, REQUESTS } from '../test-support/fault-figures.ts';
import { runApp, type RunningApp } from '../test-support/running-app.ts';

const LIMITS = { headersMs: 3000, requestMs: 4000, checkMs: 200 };
const SERVED_WITHIN_MS = 1000;

const LOGIN_HEADERS =
  'POST /trpc/auth.login HTTP/1.1\r\nHost: x\r\nX-Requested-With: XMLHttpRequest\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n';

// The limits are shorter than the server's, but the code is the same.
describe('clients that are slow, idle or gone', { timeout: 60_000 }, () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runApp({}, { limits: LIMITS });
  });
  afterAll(() => app.close());

  async function open(): Promise<Socket> {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'connect');
    return socket;
  }

  /** Sends a byte from time to time, without end. */
  function trickle(socket: Socket, text: string): void {
    const timer = setInterval(() => socket.writable && socket.write(text), 250);
    socket.on('close', () => clearInterval(timer));
  }

  test('security 43, F-15: with 1,000 idle and 200 slow connections, other clients are served, and the slow ones are disconnected', async () => {
    const browser = app.visitor();
    expect((await browser.signIn()).status).toBe(200);
    const figures = faultFigures(app, '1,000 idle and 200 slow connections');
    const sockets: Socket[] = [];
    while (sockets.length < 1200) {
      sockets.push(...(await Promise.all(Array.from({ length: 100 }, open))));
      // The kernel accepts connections before the server does.
      await vi.waitFor(async () => expect(await app.connections()).toBeGreaterThanOrEqual(sockets.length), {
        interval: 5,
        timeout: 20_000,
      });
    }
    for (const socket of sockets.slice(0, 100)) {
      socket.write('GET /trpc/auth.me HTTP/1.1\r\nHost: x\r\nX-Slow: ');
      trickle(socket, 'a');
    }
    for (const socket of sockets.slice(100, 200)) {
      socket.write(LOGIN_HEADERS);
      trickle(socket, ' ');
    }
    const cut = Promise.all(
      sockets.map((socket) => new Promise((resolve) => (socket.closed ? resolve(true) : socket.on('close', resolve)))),
    );
    const begun = performance.now();
    let served = 0;
    for (; performance.now() - begun < SERVED_WITHIN_MS || served < 5; served += 1) {
      const answers = await Promise.all([figures.ask(REQUESTS.me(browser)), figures.ask(REQUESTS.signIn(app.visitor()))]);
      for (const answer of answers) expect(answer.status).toBe(200);
      for (const answer of answers) expect(answer.tookMs).toBeLessThan(SERVED_WITHIN_MS);
    }
    await cut;
    expect(performance.now() - begun).toBeLessThan(LIMITS.requestMs + 5000);
    figures.print();
  });

  test('F-18: clients that disconnect during a sign-in cause no error and leave no partial session and no connection', async () => {
    const before = await app.engine.count();
    await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const socket = await open();
        const body = JSON.stringify({ identifier: 'ada', password: 'correct horse battery' });
        socket.write(LOGIN_HEADERS.replace('1000', String(body.length)) + (index % 3 === 0 ? body.slice(0, 20) : body));
        await sleep(index % 20);
        socket.destroy();
      }),
    );
    await vi.waitFor(async () => expect(await app.connections()).toBeLessThan(10), { timeout: 10_000 });
    const browser = app.visitor();
    expect((await browser.signIn()).status).toBe(200);
    const { id } = (await browser.query('auth.me')).data.user;
    // The sessions that were created are complete: they are listed and can be ended.
    const sessions = (await app.engine.listByUser(id)).sessions;
    expect((await app.engine.count()).sessions).toBe(sessions.length);
    expect(sessions.length).toBeLessThanOrEqual(before.sessions + 41);
    expect(await app.engine.destroyByUser(id)).toBe(sessions.length);
  });
});
