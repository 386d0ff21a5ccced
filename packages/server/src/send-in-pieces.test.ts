import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sendInPieces } from './send-in-pieces.ts';

const PIECE = 'x'.repeat(64 * 1024);
const PIECES = 2000;

let made = 0;
let failAt = Infinity;
let isOver = false;
async function* pieces(): AsyncGenerator<string, void> {
  isOver = false;
  try {
    for (made = 0; made < PIECES; made += 1) {
      if (made === failAt) throw new Error('The storage is gone.');
      yield PIECE;
    }
  } finally {
    isOver = true;
  }
}

const app = express();
app.get('/', async (_req, res) => sendInPieces(res, { name: 'all.txt', type: 'text/plain' }, pieces()));
app.use(
  (_error: unknown, _req: unknown, res: express.Response, _next: unknown) => void (res.headersSent ? res.destroy() : res.status(503).end()),
);
const server = createServer(app);
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const ask = (): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request({ port: (server.address() as AddressInfo).port, agent: false }, resolve)
      .once('error', reject)
      .end();
  });

test('nothing is read ahead for a client that does not read, and a disconnect stops the reading', async () => {
  failAt = Infinity;
  const answer = await ask();
  answer.pause();
  let before = -1;
  // Only as much as the socket buffers hold.
  await vi.waitFor(
    () => {
      const isStill = made === before;
      before = made;
      expect(isStill).toBe(true);
    },
    { interval: 100 },
  );
  expect(made).toBeLessThan(PIECES / 4);
  answer.destroy();
  await vi.waitFor(() => expect(isOver).toBe(true));
  expect(made).toBeLessThan(PIECES / 4);
});

test('an immediate storage failure is an error response, and a later one closes the connection', async () => {
  failAt = 0;
  const refused = await ask();
  expect(refused.statusCode).toBe(503);
  expect(refused.headers['content-disposition']).toBe(undefined);
  refused.resume();
  failAt = 5;
  const cut = await ask();
  expect(cut.statusCode).toBe(200);
  cut.resume();
  await expect(new Promise((resolve, reject) => void cut.once('end', resolve).once('error', reject))).rejects.toThrow('aborted');
});
