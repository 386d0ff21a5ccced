import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Express } from 'express';
import { SessionTooLargeError } from './errors.ts';
import { sessionOf } from './session-middleware.ts';
import { SessionStore } from './session-store.ts';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import { createTestHost, intercepted, type AppOptions, type TestHost } from './test-support/session-app.ts';

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterEach(() => host.stopApps());
afterAll(() => host.dispose());

const LIMIT = 4096;

/** Value for a key, by `/set?key=…&length=…`; without a length the key is removed. */
const routes = (express: Express): void => {
  express.post('/set', (req, res) => {
    const { key = '', length } = req.query as Record<string, string>;
    Object.assign(req.session, { [key]: length === undefined ? undefined : 'x'.repeat(Number(length)) });
    res.json({ stored: true });
  });
  express.post('/update', async (req, res) => {
    await sessionOf(req).update((data) => Object.assign(data, { updated: 'x'.repeat(Number(req.query['length'])) }));
    res.json({ stored: true });
  });
  express.get('/keys', (req, res) => void res.json(Object.keys(req.session).filter((key) => key !== 'cookie')));
};

describe('semantics 57: a session larger than its limit', () => {
  /** The calls that reach the storage. */
  function watched(options: AppOptions = {}) {
    const calls: string[] = [];
    const engine: AppOptions['engine'] = (inner) =>
      intercepted(inner, (name, proceed) => {
        calls.push(name);
        return proceed();
      });
    return { calls, started: host.start(routes, { maxDataBytes: LIMIT, ...options, engine }) };
  }

  test.each(['/set?key=draft&length=5000', '/update?length=5000'])(
    '%s is an error of the app that names the largest keys, before the storage is called; the stored data stays',
    async (path) => {
      const { calls, started } = watched();
      const app = await started;
      const browser = app.browser();
      await browser.post('/set?key=basket&length=100');
      calls.length = 0;
      expect((await browser.post(path)).status).toBe(500);
      expect(calls).not.toContain('update');
      expect(app.errors).toEqual([expect.any(SessionTooLargeError)]);
      expect(String(app.errors[0])).toMatch(/51\d\d bytes.* 4096 of SESSION_MAX_SIZE.*"(draft|updated)" \(50\d\d\), "basket" \(110\)/);
      expect((await browser.get('/keys')).json()).toEqual(['basket']);
    },
  );

  test('is not created, and no cookie is sent', async () => {
    const { calls, started } = watched();
    const app = await started;
    const answer = await app.browser().post('/set?key=draft&length=5000');
    expect([answer.status, answer.setCookies]).toEqual([500, []]);
    expect(calls).not.toContain('create');
  });

  test('may shrink but not grow after the limit was lowered', async () => {
    const before = await host.start(routes, { maxDataBytes: 100_000 });
    const browser = before.browser();
    for (const key of ['a', 'b', 'c']) await browser.post(`/set?key=${key}&length=3000`);
    const app = await host.start(routes, { maxDataBytes: LIMIT });
    const later = app.browser();
    for (const [name, value] of browser.cookies) later.cookies.set(name, value);
    expect((await later.post('/set?key=d&length=10')).status).toBe(500);
    expect((await later.post('/set?key=a')).status).toBe(200);
    expect((await later.get('/keys')).json()).toEqual(['b', 'c']);
  });

  test('is also refused by the store for plain express-session', async () => {
    const { engine } = await host.start();
    const store = new SessionStore({ engine, lifetimes: LIFETIMES, now: host.clock.now, maxDataBytes: LIMIT });
    const session = { cookie: { originalMaxAge: null }, draft: 'x'.repeat(5000) };
    await expect(store.set('an id', session as never)).rejects.toThrow(SessionTooLargeError);
    expect(await store.get('an id')).toBeNull();
  });
});
