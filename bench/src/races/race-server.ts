import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Candidate } from './candidate.ts';
import { createBarriers } from './barriers.ts';

export interface RaceServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the same app for every candidate. Default port: a free one. */
export async function startRaceServer(candidate: Candidate, port = 0): Promise<RaceServer> {
  const barriers = createBarriers();
  const app = express();
  app.use(candidate.sessions);

  app.post('/sign-in', (req, res) => {
    req.session.signedInAs = 'ada';
    res.json({ ok: true });
  });

  app.get('/me', (req, res) => {
    const { signedInAs, left, right, count } = req.session;
    res.json({ signedInAs, left, right, count });
  });

  // Loads its session, waits for the other request of the race, then writes.
  app.post('/draft', async (req, res) => {
    await barriers.arrive(text(req.query['barrier']));
    await barriers.until(text(req.query['signal']));
    req.session.draft = 'written late';
    res.json({ ok: true });
  });

  app.post('/sign-out', async (req, res) => {
    await barriers.until(text(req.query['barrier']));
    await candidate.signOut(req);
    res.json({ ok: true });
  });

  app.post('/signal', async (req, res) => {
    await barriers.arrive(text(req.query['signal']));
    res.json({ ok: true });
  });

  app.post('/set/:key', async (req, res) => {
    await barriers.meet(text(req.query['barrier']), 2);
    if (req.params.key === 'left') req.session.left = 'set';
    else req.session.right = 'set';
    res.json({ ok: true });
  });

  app.post('/increment', async (req, res) => {
    await candidate.increment(req);
    res.json({ ok: true });
  });

  if (candidate.errors) app.use(candidate.errors);

  const server = createServer(app);
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => stop(server) };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const stop = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
