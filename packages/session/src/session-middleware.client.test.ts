import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import { createTestHost, signedIn, type TestHost } from './test-support/session-app.ts';

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterEach(() => host.stopApps());
afterAll(() => host.dispose());

test('a session records the client of its last activity', async () => {
  const app = await host.start(undefined, { before: (express) => express.set('trust proxy', true) });
  const { browser, account } = await signedIn(host, app);
  const last = async () => (await app.engine.listByUser(account.user.id)).sessions[0]?.record;
  expect(await last()).toMatchObject({ ip: '127.0.0.1', userAgent: 'node' });
  host.clock.advance(LIFETIMES.activityIntervalMs);
  await browser.get('/me', { headers: { 'x-forwarded-for': '203.0.113.9', 'user-agent': 'Browser/2' } });
  expect(await last()).toMatchObject({ ip: '203.0.113.9', userAgent: 'Browser/2', lastActivityAtMs: host.clock.now() });
});

test('X-Forwarded-For of an untrusted proxy is ignored', async () => {
  const app = await host.start();
  const { browser, account } = await signedIn(host, app);
  host.clock.advance(LIFETIMES.activityIntervalMs);
  await browser.get('/me', { headers: { 'x-forwarded-for': '203.0.113.9' } });
  expect((await app.engine.listByUser(account.user.id)).sessions[0]?.record.ip).toBe('127.0.0.1');
});

test.each<[string, string, string | null]>([
  ['long', 'x'.repeat(4000), 'x'.repeat(255)],
  ['with control characters', 'a\tb\u0085c', 'a b c'],
  ['cut inside of a character', `${'x'.repeat(254)}\u00e9`, `${'x'.repeat(254)}\u00e9`],
  ['blank', '  ', null],
])('a user agent that is %s is stored shortened and cleaned', async (_name, userAgent, stored) => {
  const app = await host.start();
  const owner = await host.user();
  await app.browser().post(`/sign-in?user=${owner.user.id}`, { headers: { 'user-agent': userAgent } });
  expect((await app.engine.listByUser(owner.user.id)).sessions[0]?.record.userAgent).toBe(stored);
});
