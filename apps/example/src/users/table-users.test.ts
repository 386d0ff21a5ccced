import { DatabaseSync } from 'node:sqlite';
import { createGatehouse } from '@gatehouse/server';
import { expect, onTestFinished, test } from 'vitest';
import { appWithUsers } from './app-with-users.ts';
import { userAttributes } from '../user-attributes.ts';
import { tableUsers } from './table-users.ts';
import { browser, form, serve } from './test-server.ts';

const SCRIPT = { headers: { 'x-requested-with': 'XMLHttpRequest' } };

test("users of the app's own table sign in; a lock and a new password end their sessions", async () => {
  const database = new DatabaseSync(':memory:');
  const people = tableUsers(database);
  const gatehouse = await createGatehouse({
    users: people.users,
    attributes: userAttributes,
    engine: 'memory',
    secret: 'a-secret-of-these-tests-that-is-long-enough',
  });
  onTestFinished(async () => {
    await gatehouse.close();
    database.close();
  });
  const id = await people.add({ email: 'ada@example.com', name: 'Ada', department: 'Sales', password: 'correct horse' });
  const url = await serve(appWithUsers(gatehouse, people.verify));
  const [one, other] = [browser(), browser()];

  expect((await one(`${url}/login`, form({ name: 'ada@example.com', password: 'wrong' }))).status).toBe(401);
  expect((await one(`${url}/login`, form({ name: "' OR 1=1 --", password: 'x' }))).status).toBe(401);
  for (const visit of [one, other])
    expect((await visit(`${url}/login`, form({ name: 'ada@example.com', password: 'correct horse' }))).status).toBe(204);
  const me = await one(`${url}/me`, SCRIPT);
  expect(JSON.parse(me.text)).toMatchObject({ id, name: 'Ada', attributes: { department: 'Sales' } });

  await people.changePassword(id, 'another horse');
  await gatehouse.engine.userChanged(id);
  expect((await one(`${url}/me`, SCRIPT)).status).toBe(401);
  expect((await other(`${url}/me`, SCRIPT)).status).toBe(401);

  expect((await one(`${url}/login`, form({ name: 'ada@example.com', password: 'another horse' }))).status).toBe(204);
  people.setActive(id, false);
  await gatehouse.engine.userChanged(id);
  expect((await one(`${url}/me`, SCRIPT)).status).toBe(401);
  expect((await one(`${url}/login`, form({ name: 'ada@example.com', password: 'another horse' }))).status).toBe(401);
});
