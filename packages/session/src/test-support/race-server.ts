import { setTimeout as sleep } from 'node:timers/promises';
import { storedAttributes } from '@gatehouse/contract';
import { openDatabase } from '@gatehouse/prisma';
import express, { type ErrorRequestHandler } from 'express';
import { LIFETIMES } from '../conformance/engine-fixture.ts';
import { withDeadline } from '../deadline.ts';
import { SessionConflictError, SessionEndedError } from '../errors.ts';
import { openEngine, type EngineName } from '../registry.ts';
import { sessionErrorHandler } from '../session-errors-middleware.ts';
import { sessionMiddleware, sessionOf } from '../session-middleware.ts';

/**
 * A server process of the race suite, with the storage that its environment names. Its handlers are as slow as the
 * suite requests. Prints its port.
 */

const { RACE_ENGINE, DATABASE_URL = '', REDIS_URL, RACE_SECRET = '', RACE_NEAR_CACHE = '0' } = process.env;

// Generous limits, because timeouts are tested by the fault suite.
const TIMEOUT_MS = 20_000;
const database = await openDatabase(DATABASE_URL, { acquireTimeoutMs: 10_000, statementTimeoutMs: 10_000 });
const storage = await openEngine(RACE_ENGINE as EngineName, {
  database,
  lifetimes: LIFETIMES,
  redisUrl: REDIS_URL,
  storageTimeoutMs: TIMEOUT_MS,
  nearCacheSessions: Number(RACE_NEAR_CACHE),
});
const engine = withDeadline(storage, TIMEOUT_MS);

const app = express();
app.use(
  sessionMiddleware({
    engine,
    lifetimes: LIFETIMES,
    cookie: { name: 'sessionid', path: '/', domain: undefined, sameSite: 'lax', secure: false },
    secrets: [RACE_SECRET],
  }),
);

/** Delays of a handler before and after its work: `before` and `after`, milliseconds. */
app.use(async (req, res, next) => {
  const { before, after } = req.query;
  if (Number(after) > 0) {
    const { json } = res;
    res.json = (body) => {
      void sleep(Number(after)).then(() => Reflect.apply(json, res, [body]));
      return res;
    };
  }
  if (Number(before) > 0) await sleep(Number(before));
  next();
});
app.post('/sign-in', async (req, res) => {
  const { user: id, epoch } = req.query as { user: string; epoch: string };
  const user = {
    id,
    username: id,
    email: `${id}@example.com`,
    name: 'Someone',
    role: 'user',
    status: 'active',
    attributes: storedAttributes({}),
  } as const;
  const signedIn = await sessionOf(req).signIn(user, { credentialEpoch: Number(epoch) });
  res.status(signedIn ? 200 : 403).json({ signedIn });
});
app.post('/sign-out', async (req, res) => {
  await sessionOf(req).flush();
  res.json({ signedOut: true });
});
app.post('/rotate', async (req, res) => {
  const { signedIn } = sessionOf(req).state();
  const isRotated = signedIn && (await sessionOf(req).cycle());
  res.status(isRotated ? 200 : 401).json({});
});
app.post('/re-authenticate', async (req, res) => {
  const isDone = await sessionOf(req).reauthenticate({ credentialEpoch: Number(req.query['epoch']) });
  res.status(isDone ? 200 : 401).json({});
});
app.post('/write', (req, res) => {
  if (!sessionOf(req).state().signedIn) return void res.status(401).json({});
  const { key } = req.query as { key: string };
  Object.assign(req.session, { [key]: true });
  res.json({});
});
app.get('/data', (req, res) => void res.json(req.session));
app.post('/sign-out-others', async (req, res) => {
  const session = sessionOf(req);
  const state = session.state();
  if (!state.signedIn) return void res.status(401).json({});
  await engine.destroyByUser(state.user.id, { exceptHandle: state.session.handle });
  res.json({});
});
app.get('/me', (req, res) => {
  res.json({ signedIn: sessionOf(req).state().signedIn, role: req.session.user?.role ?? null });
});
app.post('/increment', async (req, res) => {
  await sessionOf(req).update((data) => Object.assign(data, { count: Number(data['count'] ?? 0) + 1 }));
  res.json({});
});
app.get(
  '/state',
  (req, res) => void res.json({ signedIn: sessionOf(req).state().signedIn, count: Reflect.get(req.session, 'count') ?? 0 }),
);
/** Of the near cache. */
app.get('/hits', (_req, res) => void res.json({ hits: engine.nearCache?.().hits ?? 0 }));
app.get('/count', (req, res) => void res.json({ count: Reflect.get(req.session, 'count') ?? 0 }));
/** Loads, waits, writes: this revives an ended session if a store does not check. */
app.post('/slow-write', async (req, res) => {
  const ms = Number(req.query['ms']);
  await sleep(ms);
  Object.assign(req.session, { next: `/${ms}` });
  res.json({});
});
// Details for understanding a failed race.
app.use(((error, _req, _res, next) => {
  if (!(error instanceof SessionEndedError || error instanceof SessionConflictError)) console.error(error);
  next(error);
}) satisfies ErrorRequestHandler);
app.use(sessionErrorHandler);

const server = app.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as { port: number }).port}`));
process.on('disconnect', () => process.exit(0));
