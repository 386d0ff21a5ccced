import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createTestClock, createTestGatehouse, type TestSession } from '@gatehouse/server/testing';
import { afterAll, afterEach, beforeAll, expect, expectTypeOf, test } from 'vitest';
import { createApp } from './app.ts';
import { closingTime } from './closing-time.ts';
import type { ShopRouter } from './router.ts';
import { sessionValues } from './session-values.ts';
import { userAttributes } from './user-attributes.ts';

// The app in this process, with test helpers: no sign-in form, and a clock to move.

const clock = createTestClock(new Date(2030, 0, 7, 9, 0));
const gatehouse = await createTestGatehouse({
  attributes: userAttributes,
  sessionData: sessionValues,
  expiry: closingTime,
  clock,
  accounts: [{ username: 'ada', attributes: { department: 'Sales' } }, { username: 'cleo' }, { username: 'root', role: 'admin' }],
});
const server = createApp(gatehouse).listen(0, '127.0.0.1');
let url = '';

beforeAll(async () => {
  if (!server.listening) await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => clock.set(new Date(2030, 0, 7, 9, 0)));
afterAll(async () => {
  server.close().closeAllConnections();
  await gatehouse.close();
});

const get = async (path: string, { headers }: Pick<TestSession, 'headers'>) => {
  const response = await fetch(url + path, { headers });
  return { status: response.status, body: (await response.json()) as any };
};

async function call(path: string, { ajaxHeaders }: TestSession, input?: unknown) {
  const headers = { ...ajaxHeaders, 'content-type': 'application/json' };
  const response = await fetch(`${url}/trpc/${path}`, { method: 'POST', headers, body: JSON.stringify(input ?? {}) });
  return { status: response.status, body: (await response.json()) as any };
}

test('own session data and an own user field reach req.session, ctx.user, own procedures and auth.me', async () => {
  const ada = await gatehouse.signInAs('ada', { prepare: (req) => void (req.session.basket = ['tea']) });
  expect((await get('/account', ada)).body).toMatchObject({ user: { attributes: { department: 'Sales' } }, basket: ['tea'] });
  expect((await call('basket.put', ada, { items: ['milk'] })).body).toEqual({ result: { data: { items: ['tea', 'milk'] } } });
  expect((await get('/trpc/basket.show', ada)).body).toEqual({ result: { data: { department: 'Sales', items: ['tea', 'milk'] } } });
  expect((await get('/trpc/auth.me', ada)).body.result.data.user.attributes).toEqual({ department: 'Sales' });
  expect((await call('basket.put', ada, { items: [7] })).status).toBe(400);
  await call('basket.empty', ada);
  expect((await get('/account', ada)).body.basket).toEqual([]);
});

test('a field that is marked as editable is described for a form and changed by its owner, with messages at the field', async () => {
  const cleo = await gatehouse.signInAs('cleo');
  const { data: fields } = (await get('/trpc/account.fields', cleo)).body.result;
  expect(fields).toMatchObject([{ key: 'department', kind: 'text', title: 'Department', readOnly: false, required: true, maxLength: 80 }]);
  const edit = (attributes: object) => call('account.updateProfile', cleo, { attributes });
  expect((await edit({ department: ' Sales ' })).body.result.data.attributes).toEqual({ department: 'Sales' });
  expect((await edit({ department: 'x'.repeat(81) })).body.error.data.fields).toEqual({ 'attributes.department': [expect.any(String)] });
  expect((await edit({ department: null })).body.error.data.fields).toEqual({ 'attributes.department': ['Enter a value.'] });
  expect((await get('/trpc/basket.show', cleo)).body.result.data.department).toBe('Sales');
});

test('the types of both declarations arrive where they are used', () => {
  type Caller = ReturnType<ShopRouter['createCaller']>;
  type Me = Awaited<ReturnType<Caller['auth']['me']>>;
  expectTypeOf<Me['user']['attributes']['department']>().toEqualTypeOf<string>();
  expectTypeOf<Awaited<ReturnType<Caller['basket']['show']>>>().toEqualTypeOf<{ department: string; items: string[] }>();
});

test('at 18:00 the sessions of administrators end, and those of others do not', async () => {
  const [root, ada] = [await gatehouse.signInAs('root'), await gatehouse.signInAs('ada')];
  const closing = new Date(2030, 0, 7, 18, 0);
  expect((await get('/trpc/auth.me', root)).body.result.data.session.expires).toBe(closing.toISOString());
  clock.set(closing.getTime() - 1);
  expect((await get('/orders', root)).status).toBe(200);
  clock.set(closing);
  expect(await get('/orders', root)).toMatchObject({ status: 401, body: { error: { reason: 'SESSION_EXPIRED' } } });
  expect((await get('/account', ada)).status).toBe(200);
  expect((await get('/orders', await gatehouse.signInAs('root'))).status).toBe(200);
});
