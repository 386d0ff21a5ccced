import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { errorReason } from '@gatehouse/client';
import { createNodeClient } from '@gatehouse/client/node';
import { createApp } from './app.ts';
import type { AppRouter } from './router.ts';
import { startTestApp, type TestApp } from './test-app.ts';

const ada = { username: `ada-${process.pid}`, password: 'seven green umbrellas' };
let app: TestApp;

before(async () => {
  app = await startTestApp((gatehouse) => createApp(gatehouse, (_req, res) => void res.send('the web app')));
  const email = `${ada.username}@example.com`;
  await app.gatehouse.accounts.createUser({ ...ada, email, name: 'Ada', role: 'user', attributes: { team: 'Analysts' } });
});
after(() => app.close());

test('greets a user who has signed in, by name and team', async () => {
  const client = createNodeClient<AppRouter>({ url: app.url });
  await client.auth.login.mutate({ identifier: ada.username, password: ada.password });
  assert.deepEqual(await client.greeting.query(), { text: 'Hello Ada', team: 'Analysts' });
});

test('refuses a wrong password', async () => {
  const client = createNodeClient<AppRouter>({ url: app.url });
  const refused = await client.auth.login.mutate({ identifier: ada.username, password: 'six red umbrellas' }).catch(errorReason);
  assert.equal(refused, 'INVALID_CREDENTIALS');
});

test('a signed-out client is refused', async () => {
  const client = createNodeClient<AppRouter>({ url: app.url });
  await client.auth.login.mutate({ identifier: ada.username, password: ada.password });
  await client.auth.logout.mutate();
  assert.equal(await client.greeting.query().catch(errorReason), 'SIGN_IN_REQUIRED');
});

test('every other address is the web app', async () => {
  assert.equal(await (await fetch(`${app.url}/any/page`)).text(), 'the web app');
});
