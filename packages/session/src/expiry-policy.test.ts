import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { ExpiryPolicyError } from './errors.ts';
import { withExpiryPolicy, type ExpiryPolicy, type PolicyEnd } from './expiry-policy.ts';
import { sessionOf } from './session-middleware.ts';
import { createTestClock, createTestSessions, signInAs } from './testing/index.ts';

const HOUR_MS = 3_600_000;

async function start(expiry: ExpiryPolicy) {
  const { sessions, engine, clock, users } = await createTestSessions({ expiry });
  const errors: unknown[] = [];
  const app = express();
  app.use(sessions);
  app.get('/me', (req, res) => void res.json(sessionOf(req).state()));
  app.post('/in/:id', async (req, res) => {
    const found = await users.find(req.params.id);
    await sessionOf(req).signIn(found!.user, found!);
    res.json(sessionOf(req).state());
  });
  app.use(((error, _req, res, _next) => {
    errors.push(error);
    res.sendStatus(500);
  }) satisfies express.ErrorRequestHandler);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(url + path, init);
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text, cookie: response.headers.getSetCookie()[0] };
  };
  return { app, engine, clock, users, errors, ask };
}

test('semantics 60: a policy ends a session for good, tells the client why, and only for whom it says so', async () => {
  let verdict: ReturnType<ExpiryPolicy> = 'keep';
  const { app, engine, users, ask } = await start(({ user }) => (user.role === 'admin' ? verdict : 'keep'));
  const [ada, root] = [users.add({ username: 'ada' }), users.add({ username: 'root', role: 'admin' })];
  const [own, admin] = [await signInAs(app, ada), await signInAs(app, root)];
  expect((await ask('/me', admin)).body.signedIn).toBe(true);
  verdict = 'end';
  expect((await engine.listByUser(root.id)).sessions).toEqual([]);
  expect((await ask('/me', admin)).body).toEqual({ signedIn: false, reason: 'SESSION_EXPIRED' });
  expect((await ask('/me', own)).body.signedIn).toBe(true);
  verdict = 'keep';
  expect((await ask('/me', admin)).body.signedIn).toBe(false);
});

test('semantics 60: the expiry that the client and the cookie are told is the earlier one of policy and settings', async () => {
  const { clock, users, engine, ask } = await start(({ loginTime }) => ({ endAt: new Date(loginTime.getTime() + HOUR_MS) }));
  const signedInAt = clock.now();
  const ada = users.add({ username: 'ada' });
  const { body, cookie } = await ask(`/in/${ada.id}`, { method: 'POST' });
  const end = new Date(signedInAt + HOUR_MS).toISOString();
  expect(body.session).toMatchObject({ expires: end, absoluteExpires: end });
  expect(cookie).toContain('Max-Age=3600');
  const headers = { cookie: cookie!.split(';', 1)[0]! };
  clock.advance(HOUR_MS - 1000);
  const later = await ask('/me', { headers });
  expect(later.body.session.expires).toBe(end);
  expect(later.cookie).toContain('Max-Age=1;');
  const [handle] = (await engine.listByUser(ada.id)).sessions.map(({ record }) => record.handle);
  expect((await engine.peek([handle!])).get(handle!)?.expiresAtMs).toBe(signedInAt + HOUR_MS);
  clock.advance(1000);
  expect((await engine.peek([handle!])).size).toBe(0);
  expect((await ask('/me', { headers })).body).toEqual({ signedIn: false, reason: 'SESSION_EXPIRED' });
});

test('a policy never lets a session live longer than the settings', async () => {
  const { app, clock, users, ask } = await start((_session, now) => ({ endAt: new Date(now.getTime() + 1000 * HOUR_MS) }));
  const session = await signInAs(app, users.add({ username: 'ada' }));
  clock.advance(2 * HOUR_MS);
  expect((await ask('/me', session)).body).toEqual({ signedIn: false, reason: 'SESSION_EXPIRED' });
});

test.each<[string, ExpiryPolicy]>([
  [
    'throws',
    () => {
      throw new Error('no timetable');
    },
  ],
  ['is async', (() => Promise.resolve('keep')) as unknown as ExpiryPolicy],
  ['returns nothing', (() => undefined) as unknown as ExpiryPolicy],
  ['returns an invalid date', () => ({ endAt: new Date('soon') })],
])('semantics 61: a policy that %s lets nobody in, and ends nothing', async (_, broken) => {
  let policy: ExpiryPolicy = () => 'keep';
  const { app, users, ask, errors } = await start((session, now) => policy(session, now));
  const session = await signInAs(app, users.add({ username: 'ada' }));
  policy = broken;
  expect((await ask('/me', session)).status).toBe(500);
  expect(errors).toEqual([expect.any(ExpiryPolicyError)]);
  expect((await ask('/me')).body).toEqual({ signedIn: false, reason: 'SIGN_IN_REQUIRED' });
  policy = () => 'keep';
  expect((await ask('/me', session)).body.signedIn).toBe(true);
});

test('the end is reported once, however many requests find it', async () => {
  const { sessions, engine, clock, users } = await createTestSessions({ clock: createTestClock() });
  const session = await signInAs(sessions, users.add({ username: 'ada' }));
  const ends: PolicyEnd[] = [];
  const guarded = withExpiryPolicy(engine, { policy: () => 'end', now: clock.now, onEnd: (end) => void ends.push(end) });
  const secretHash = (await engine.find(session.handle))!.record.secretHash;
  const outcomes = await Promise.all([1, 2, 3].map(() => guarded.load(session.handle, { secretHash })));
  expect(outcomes.map(({ status }) => status)).not.toContain('live');
  expect(ends).toMatchObject([{ handle: session.handle, user: { username: 'ada' } }]);
});
