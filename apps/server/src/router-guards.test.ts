import { gatehouseRouter } from '@gatehouse/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, runApp, type RunningApp } from '../test-support/running-app.ts';
import { AJAX } from '../test-support/visitor.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await runApp();
});
afterAll(() => app.close());

/** All procedures of the router, so new ones are covered automatically. */
const procedures = Object.entries(gatehouseRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>);
const mutations = procedures.filter(([, { _def }]) => _def.type === 'mutation').map(([path]) => path);
const queries = procedures.filter(([, { _def }]) => _def.type === 'query').map(([path]) => path);
const subscriptions = procedures.filter(([, { _def }]) => _def.type === 'subscription').map(([path]) => path);
const OPEN = ['auth.login', 'auth.logout', 'auth.presence'];

test('the router has the documented procedures', () => {
  expect([...mutations, ...queries]).toEqual(expect.arrayContaining(['auth.login', 'auth.logout', 'auth.me']));
});

describe.each(mutations)('mutation %s', (path) => {
  test('security 23: without the ajax header is FORBIDDEN, AJAX_REQUIRED, before any other check', async () => {
    const { status, error } = await app.visitor().mutate(path, {}, {});
    expect(status).toBe(403);
    expect(error?.data).toMatchObject({ code: 'FORBIDDEN', reason: 'AJAX_REQUIRED' });
  });

  test.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ origin: 'http://127.0.0.1.evil.example' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
  ])('security 25: from another site (%j) is refused even with the header', async (headers) => {
    const { error } = await app.visitor().mutate(path, {}, { ...AJAX, ...headers });
    expect(error?.data).toMatchObject({ code: 'FORBIDDEN', reason: 'CROSS_SITE' });
  });

  test('security 29: GET is refused', async () => {
    const response = await app.visitor().fetch(`/trpc/${path}?input=%7B%7D`, { headers: AJAX });
    expect(response.status).toBe(405);
  });

  test.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', 'application/octet-stream', ''])(
    'security 24: a body of type %j, which other sites can post, is refused',
    async (type) => {
      const response = await app
        .visitor()
        .fetch(`/trpc/${path}`, { method: 'POST', headers: { 'content-type': type, ...AJAX }, body: '--x--' });
      expect(response.status).toBe(415);
      expect(response.headers.getSetCookie()).toEqual([]);
    },
  );
});

describe.each([...mutations, ...queries].filter((path) => !OPEN.includes(path)))('procedure %s', (path) => {
  test('security 1: signed out is UNAUTHORIZED with the reason', async () => {
    const call = mutations.includes(path) ? app.visitor().mutate(path, {}) : app.visitor().query(path);
    expect((await call).error?.data).toMatchObject({ code: 'UNAUTHORIZED', httpStatus: 401, reason: 'SIGN_IN_REQUIRED' });
  });
});

/** A subscription is a stream of server-sent events, and its refusal is one of them. */
test.each(subscriptions)('subscription %s is refused by events of its stream: security 1 and 25', async (path) => {
  const browser = app.visitor();
  const refusal = async (headers: Record<string, string>): Promise<string> =>
    (await browser.fetch(`/trpc/${path}`, { headers: { accept: 'text/event-stream', ...headers } })).text();
  expect(await refusal({})).toContain('"reason":"SIGN_IN_REQUIRED"');
  await browser.signIn('root');
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }] as Record<string, string>[])
    expect(await refusal(headers)).toContain('"reason":"CROSS_SITE"');
});

test.each(queries)('security 25: another site gets no data from query %s, even with the cookie', async (path) => {
  const browser = app.visitor();
  await browser.signIn('root');
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' }]) {
    const response = await browser.fetch(`/trpc/${path}?input=%7B%7D`, { headers: headers as Record<string, string> });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { data: { reason: 'CROSS_SITE' } } });
  }
});

test('a missing Origin, as from non-browser clients, is allowed with the header', async () => {
  expect((await app.visitor().signIn()).status).toBe(200);
});

test('the server’s own Origin is allowed', async () => {
  const { status } = await app
    .visitor()
    .mutate('auth.login', { identifier: 'ada', password: PASSWORD }, { ...AJAX, origin: app.url, 'sec-fetch-site': 'same-origin' });
  expect(status).toBe(200);
});

test('security 24: a form post from another site does not sign anyone out', async () => {
  const browser = app.visitor();
  await browser.signIn();
  await browser.fetch('/trpc/auth.logout', {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=x', origin: 'https://evil.example' },
    body: '--x--',
  });
  await browser.fetch('/trpc/auth.logout', { method: 'POST', headers: { origin: 'https://evil.example' } });
  expect((await browser.query('auth.me')).status).toBe(200);
});
