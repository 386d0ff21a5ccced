import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test, vi } from 'vitest';
import { getSessionUser, requireSession, requireSessionAjax, sessionOf } from './index.ts';
import { createTestGatehouse, TEST_PASSWORD, type TestGatehouseOptions } from './testing/index.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const ASKS = { ...JSON_TYPE, 'x-gatehouse-transport': 'bearer' };
const OTHER_SITE = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
const CREDENTIALS = JSON.stringify({ identifier: 'ada', password: TEST_PASSWORD });

async function start({ env, ...options }: TestGatehouseOptions = {}) {
  const accounts = [{ username: 'ada' }, { username: 'bea' }];
  const gatehouse = await createTestGatehouse({ accounts, env: { SESSION_BEARER: 'true', ...env }, ...options });
  onTestFinished(() => gatehouse.close());
  const app = express();
  app.use(gatehouse.sessions);
  app.use('/trpc', gatehouse.trpc());
  app.get('/page', requireSession, (req, res) => void res.json(getSessionUser(req)));
  app.post('/act', requireSessionAjax(), (req, res) => void res.json(getSessionUser(req)));
  app.post('/cycle', async (req, res) => void res.json(await sessionOf(req).cycle()));
  app.use(gatehouse.errors);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  async function ask(
    path: string,
    { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ) {
    const response = await fetch(url + path, { method, headers, redirect: 'manual', ...(body !== undefined && { body }) });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      token: response.headers.get('x-gatehouse-token'),
      cookies: response.headers.getSetCookie(),
      body: text.startsWith('{') ? JSON.parse(text) : text,
    };
  }
  const signIn = (headers: Record<string, string> = ASKS) => ask('/trpc/auth.login', { method: 'POST', headers, body: CREDENTIALS });
  const withToken = (token: string | null): Record<string, string> => ({ authorization: `Bearer ${token}` });
  return { gatehouse, ask, signIn, withToken };
}

test('semantics 62: a sign-in that asks for a token gets one and no cookie; it works without X-Requested-With, also for mutations', async () => {
  const { gatehouse, ask, signIn, withToken } = await start();
  const { status, token, cookies, headers } = await signIn();
  expect({ status, cookies, cache: headers.get('cache-control') }).toEqual({ status: 200, cookies: [], cache: 'no-store' });
  expect(token).toMatch(/^ses_/);
  const me = await ask('/trpc/auth.me', { headers: withToken(token) });
  expect(me.body.result.data.user.username).toBe('ada');
  expect([me.token, me.cookies, me.headers.get('vary')]).toEqual([null, [], expect.stringContaining('Authorization')]);
  expect((await ask('/act', { method: 'POST', headers: withToken(token) })).body).toMatchObject({ username: 'ada' });
  const ada = await gatehouse.user('ada');
  expect((await gatehouse.engine.listByUser(ada.id)).sessions).toHaveLength(1);
  const out = await ask('/trpc/auth.logout', { method: 'POST', headers: { ...JSON_TYPE, ...withToken(token) } });
  expect([out.status, out.token, out.cookies]).toEqual([200, '', []]);
  expect((await ask('/trpc/auth.me', { headers: withToken(token) })).body.error.data.reason).toBe('SESSION_ENDED');
});

test('semantics 63: rotation, re-authentication and a new password give the new token, and the old one is refused', async () => {
  const { ask, signIn, withToken } = await start();
  let { token } = await signIn();
  const rotated = await ask('/cycle', { method: 'POST', headers: withToken(token) });
  expect([rotated.body, rotated.cookies]).toEqual(['true', []]);
  expect(rotated.token).toMatch(/^ses_/);
  for (const [path, input] of [
    ['auth.reauthenticate', { password: TEST_PASSWORD }],
    ['account.changePassword', { currentPassword: TEST_PASSWORD, newPassword: 'another password of 2030' }],
  ] as const) {
    token = (await ask('/cycle', { method: 'POST', headers: withToken(token) })).token ?? rotated.token;
    const changed = await ask(`/trpc/${path}`, {
      method: 'POST',
      headers: { ...JSON_TYPE, ...withToken(token) },
      body: JSON.stringify(input),
    });
    expect([changed.status, changed.cookies]).toEqual([200, []]);
    expect((await ask('/page', { headers: withToken(token) })).status).toBe(401);
    token = changed.token;
    expect((await ask('/page', { headers: withToken(token) })).status).toBe(200);
  }
});

test('semantics 64: with a token the cookie is neither read nor changed, not even if the token is refused', async () => {
  const { gatehouse, ask, signIn, withToken } = await start();
  const { cookie } = await gatehouse.signInAs('bea');
  const { token } = await signIn({ ...ASKS, cookie });
  expect((await ask('/page', { headers: { cookie, ...withToken(token) } })).body.username).toBe('ada');
  const refused = await ask('/page', { headers: { cookie, accept: 'text/html', ...withToken(`${token}x`) } });
  expect([refused.status, refused.cookies, refused.headers.get('www-authenticate')]).toEqual([
    401,
    [],
    'Bearer realm="gatehouse", error="invalid_token"',
  ]);
  await ask('/trpc/auth.logout', { method: 'POST', headers: { ...JSON_TYPE, cookie, ...withToken(token) } });
  expect((await ask('/page', { headers: { cookie } })).body.username).toBe('bea');
});

test('security 50: neither a public id nor a cookie is a token, a token is no cookie, and no other site can ride on either', async () => {
  const { gatehouse, ask, signIn, withToken } = await start();
  const session = await gatehouse.signInAs('bea');
  const value = decodeURIComponent(session.cookie.slice(session.cookie.indexOf('=') + 1)).slice(2);
  for (const forged of [`${session.handle}.x`, `${session.handle}.${'a'.repeat(43)}`, value]) {
    expect((await ask('/page', { headers: withToken(forged) })).status).toBe(401);
    await ask('/trpc/auth.logout', { method: 'POST', headers: { ...JSON_TYPE, ...withToken(forged) } });
  }
  expect((await ask('/page', session)).status).toBe(200);
  const { token } = await signIn();
  const name = session.cookie.slice(0, session.cookie.indexOf('='));
  expect((await ask('/page', { headers: { cookie: `${name}=${encodeURIComponent(`s:${token}`)}` } })).status).toBe(401);
  // A token of another system does not lift the checks of the cookie.
  const foreign = { ...JSON_TYPE, ...session.headers, ...withToken('eyJhbGciOiJIUzI1NiJ9.e30.x') };
  expect((await ask('/act', { method: 'POST', headers: foreign })).body).toMatchObject({ error: { reason: 'AJAX_REQUIRED' } });
  expect((await signIn({ ...ASKS, ...OTHER_SITE })).body).toMatchObject({ error: { data: { reason: 'CROSS_SITE' } } });
  expect((await ask('/act', { method: 'POST', headers: { ...OTHER_SITE, ...withToken(token) } })).status).toBe(200);
});

test('a refused password answers which kind of sign-in is needed, and logs have no token', async () => {
  const lines: unknown[] = [];
  const log = vi.fn((...line: unknown[]) => void lines.push(line));
  const { ask, signIn, withToken } = await start({ logger: { error: log, warn: log, info: log } });
  const wrong = await ask('/trpc/auth.login', {
    method: 'POST',
    headers: ASKS,
    body: JSON.stringify({ identifier: 'ada', password: 'not this one' }),
  });
  expect([wrong.status, wrong.headers.get('www-authenticate'), wrong.token]).toEqual([401, 'Bearer realm="gatehouse"', null]);
  const { token } = await signIn();
  await ask('/trpc/auth.logout', { method: 'POST', headers: { ...JSON_TYPE, ...withToken(token) } });
  expect(JSON.stringify(lines)).toContain('signed_in');
  expect(JSON.stringify(lines)).not.toContain(token!.split('.')[1]);
});

test('a trusted origin may send and read tokens; without SESSION_BEARER nothing of this is offered', async () => {
  const preflight = { origin: 'https://admin.example', 'access-control-request-method': 'POST' };
  const { ask } = await start({ env: { TRUSTED_ORIGINS: 'https://admin.example' } });
  const { headers } = await ask('/trpc/auth.login', { method: 'OPTIONS', headers: preflight });
  expect(headers.get('access-control-allow-headers')).toMatch(/Authorization,X-Gatehouse-Transport/);
  expect((await ask('/trpc/auth.presence', { headers: preflight })).headers.get('access-control-expose-headers')).toMatch(
    /X-Gatehouse-Token/,
  );

  const off = await start({ env: { SESSION_BEARER: 'false' } });
  expect((await off.signIn()).body).toMatchObject({ error: { data: { reason: 'AJAX_REQUIRED' } } });
  const { token, cookies } = await off.signIn({ ...ASKS, 'x-requested-with': 'XMLHttpRequest' });
  expect([token, cookies.length > 0]).toEqual([null, true]);
});
