import { createServer } from 'node:http';
import express5 from 'express';
// @ts-expect-error Express 4 has no types of its own here.
import express4 from 'express4';
import { expect, test } from 'vitest';
import { createTestSessions, signInAs, type AppWithSessions } from './index.ts';

test.each<[string, (sessions: any) => AppWithSessions]>([
  ['an Express 5 app', (sessions) => express5().use(sessions)],
  ['an Express 4 app', (sessions) => express4().use(sessions)],
  ['an app with the sessions in a router', (sessions) => express5().use(express5.Router().use(sessions))],
  ['a Node server of an app', (sessions) => createServer(express5().use(sessions))],
  ['the middleware', (sessions) => sessions],
  ['an object with the middleware', (sessions) => ({ sessions })],
])('signs in at %s', async (_, appOf) => {
  const { sessions, engine, users } = await createTestSessions();
  const ada = users.add({ username: 'ada' });
  const session = await signInAs(appOf(sessions), ada, { userAgent: 'Phone', prepare: (req) => void (req.session.next = '/basket') });
  expect(session.cookie).toMatch(/^sid=s%3Ases_/);
  const { record, user } = (await engine.find(session.handle))!;
  expect([user, record.userAgent, record.data['next']]).toEqual([ada, 'Phone', '/basket']);
});

test('says what is wrong, if there is no middleware or the user may not sign in', async () => {
  const { sessions, users } = await createTestSessions();
  await expect(signInAs(express5(), users.add({ username: 'ada' }))).rejects.toThrow(/found no session middleware/);
  const gone = users.add({ username: 'gone' });
  users.remove(gone.id);
  await expect(signInAs(sessions, gone)).rejects.toThrow(/may not sign in/);
});

test('signs in with a cookie for https only', async () => {
  const { sessions, users } = await createTestSessions({ cookie: { name: '__Host-sid', secure: true, sameSite: 'lax', path: '/' } });
  expect((await signInAs(sessions, users.add({ username: 'ada' }))).cookie).toMatch(/^__Host-sid=/);
});
