import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createTestUsers } from '@gatehouse/session/testing';
import express from 'express';
import { expect, onTestFinished, test, vi } from 'vitest';
import { EVENT_NAMES, type EventName, type GatehouseEvents } from './events.ts';
import { createGatehouse, sessionOf, type GatehouseWithUsers } from './index.ts';
import { createTestGatehouse, signInAs, TEST_PASSWORD, type TestGatehouseOptions } from './testing/index.ts';

const AJAX = { 'x-requested-with': 'XMLHttpRequest', 'content-type': 'application/json' };

/** Every event, in order; `seen` waits until there is one of this name. */
function recorder(gatehouse: Pick<GatehouseWithUsers, 'on'>) {
  const events: { name: EventName; event: any }[] = [];
  for (const name of EVENT_NAMES) gatehouse.on(name, (event: GatehouseEvents[EventName]) => void events.push({ name, event }));
  const seen = (name: EventName) => vi.waitFor(() => expect(events.map((one) => one.name)).toContain(name), { interval: 5 });
  return {
    events,
    seen,
    names: () => events.map(({ name }) => name),
    of: (name: EventName) => events.find((one) => one.name === name)?.event,
  };
}

async function serve(gatehouse: GatehouseWithUsers & { trpc: any }) {
  const app = express();
  app.use(gatehouse.sessions);
  app.use('/trpc', gatehouse.trpc());
  app.post('/out', async (req, res) => {
    await sessionOf(req).flush();
    res.sendStatus(204);
  });
  app.use(gatehouse.errors);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return async (path: string, { cookie = '' }: { cookie?: string } = {}, input?: unknown) =>
    (await fetch(url + path, { method: 'POST', headers: { ...AJAX, cookie }, body: input === undefined ? '' : JSON.stringify(input) }))
      .status;
}

async function start(options: TestGatehouseOptions = {}) {
  const gatehouse = await createTestGatehouse({ accounts: [{ username: 'ada' }, { username: 'root', role: 'admin' }], ...options });
  onTestFinished(() => gatehouse.close());
  return { gatehouse, ...recorder(gatehouse), post: await serve(gatehouse) };
}

test('signing in, failing to, re-authenticating and signing out are events, with who and from where', async () => {
  const { gatehouse, events, seen, of, post } = await start();
  const ada = await gatehouse.user('ada');
  await post('/trpc/auth.login', {}, { identifier: 'ada', password: 'not this one' });
  await seen('signInFailed');
  expect(of('signInFailed')).toMatchObject({ userId: ada.id, locks: false, actor: { kind: 'visitor', id: null, ip: '127.0.0.1' } });
  const session = await gatehouse.signInAs('ada', { method: 'passkey' });
  await seen('signedIn');
  expect(of('signedIn')).toMatchObject({ userId: ada.id, handle: session.handle, method: 'passkey', actor: { kind: 'self', id: ada.id } });
  expect(of('signedIn').at).toEqual(new Date(gatehouse.clock.now()));
  expect(await post('/out', session)).toBe(204);
  await seen('sessionEnded');
  expect(of('signedOut')).toMatchObject({ userId: ada.id, handle: session.handle, reason: 'signed_out', actor: { kind: 'self' } });
  expect(JSON.stringify(events)).not.toContain(session.cookie.slice(-30));
  expect(JSON.stringify(events)).not.toContain('not this one');
  expect((await gatehouse.accounts.listAudit({ userId: ada.id, kind: 'signed_out', limit: 5 })).events).toHaveLength(1);
});

test('a revocation is an event of its own, also of the own session', async () => {
  const { gatehouse, events, seen, of, names, post } = await start();
  const [here, there] = [await gatehouse.signInAs('ada'), await gatehouse.signInAs('ada')];
  await seen('signedIn');
  events.length = 0;
  expect(await post('/trpc/sessions.revoke', here, { handle: there.handle })).toBe(200);
  expect(await post('/trpc/sessions.revoke', here, { handle: here.handle })).toBe(200);
  await vi.waitFor(() => expect(names()).toEqual(['revoked', 'sessionEnded', 'revoked', 'sessionEnded']));
  expect(of('revoked')).toMatchObject({ handle: there.handle, ended: 1, reason: 'revoked_by_owner', actor: { kind: 'self' } });
});

test('a change of an account is an event, whether a procedure or the app made it', async () => {
  const { gatehouse, seen, of, post } = await start();
  const ada = await gatehouse.user('ada');
  const [session] = [await gatehouse.signInAs('ada'), await gatehouse.signInAs('ada')];
  const passwords = { currentPassword: TEST_PASSWORD, newPassword: 'another password of 2030' };
  expect(await post('/trpc/account.changePassword', session, passwords)).toBe(200);
  await seen('passwordChanged');
  expect(of('passwordChanged')).toMatchObject({ userId: ada.id, ended: 1, actor: { kind: 'self', id: ada.id } });
  expect(of('sessionEnded')).toMatchObject({ userId: ada.id, handle: null, ended: 1, reason: 'password_changed' });
  await gatehouse.accounts.setRole(ada.id, 'admin');
  await seen('userChanged');
  expect(of('userChanged')).toMatchObject({ userId: ada.id, change: 'role', actor: { kind: 'system', id: null } });
});

test('a session that the limit, the purge or the expiry policy ends is reported with the reason', async () => {
  let isClosingTime = false;
  const { gatehouse, events, seen, of, post } = await start({
    env: { SESSION_LIMIT_PER_USER: '1', SESSION_COOKIE_AGE: '60', SESSION_ACTIVITY_INTERVAL: '0' },
    expiry: () => (isClosingTime ? 'end' : 'keep'),
  });
  const first = await gatehouse.signInAs('ada');
  const second = await gatehouse.signInAs('ada');
  await seen('evicted');
  expect([of('evicted').handle, of('sessionEnded').reason]).toEqual([first.handle, 'session_limit']);
  events.length = 0;
  isClosingTime = true;
  await post('/trpc/auth.presence', second);
  await seen('sessionEnded');
  expect(of('expired')).toMatchObject({ handle: second.handle, reason: 'expiry_policy', actor: { kind: 'system' } });
  events.length = 0;
  isClosingTime = false;
  const third = await gatehouse.signInAs('ada');
  gatehouse.clock.advance(61_000);
  await gatehouse.engine.purgeExpired(100);
  await seen('sessionEnded');
  expect(of('expired')).toMatchObject({ handle: third.handle, reason: 'expired' });
});

test('a handler that throws, rejects or never ends fails and delays nothing, and is logged', async () => {
  const error = vi.fn();
  const { gatehouse, seen } = await start({ logger: { error, warn: vi.fn(), info: vi.fn() } });
  gatehouse.on('signedIn', () => {
    throw new Error('first');
  });
  gatehouse.on('signedIn', () => Promise.reject(new Error('second')));
  const release = Promise.withResolvers<void>();
  gatehouse.on('signedIn', () => release.promise);
  const off = gatehouse.on('signedIn', () => Promise.reject(new Error('removed')));
  off();
  await gatehouse.signInAs('ada');
  await seen('signedIn');
  await vi.waitFor(() => expect(error).toHaveBeenCalledTimes(2));
  expect(error.mock.calls.map(([line]) => [line.event, line.err.message])).toEqual([
    ['signedIn', 'first'],
    ['signedIn', 'second'],
  ]);
  release.resolve();
});

test('close waits for handlers that are running', async () => {
  const gatehouse = await createTestGatehouse({ accounts: [{ username: 'ada' }] });
  const done: string[] = [];
  gatehouse.on('signedIn', async ({ userId }) => void done.push((await gatehouse.accounts.findUserById(userId))!.username));
  await gatehouse.signInAs('ada');
  await gatehouse.close();
  expect(done).toEqual(['ada']);
});

test('an unknown event is refused with the names that there are', async () => {
  const { gatehouse } = await start();
  expect(() => gatehouse.on('signedin' as 'signedIn', () => undefined)).toThrow(/no event "signedin"\. Events are signedIn, /);
  expect(() => gatehouse.on('signedIn', undefined as never)).toThrow(/must be a function/);
});

test('an app with its own users has the events of its sessions', async () => {
  const users = createTestUsers();
  const gatehouse = await createGatehouse({
    users,
    env: { NODE_ENV: 'test', SESSION_ENGINE: 'memory', LOG_LEVEL: 'silent', SESSION_SECRET: randomBytes(32).toString('hex') },
  });
  onTestFinished(() => gatehouse.close());
  const { seen, of } = recorder(gatehouse);
  const post = await serve(gatehouse);
  const ada = users.add({ username: 'ada' });
  const session = await signInAs(gatehouse, ada, { method: 'ldap' });
  await post('/trpc/auth.logout', session);
  await seen('sessionEnded');
  expect([of('signedIn').method, of('signedOut').handle]).toEqual(['ldap', session.handle]);
});
