import type { Express } from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import { sessionOf } from './session-middleware.ts';
import { createTestHost, signedIn, type TestHost } from './test-support/session-app.ts';

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterEach(() => host.stopApps());
afterAll(() => host.dispose());

const putRoute = (express: Express): void =>
  void express.post('/put', (req, res) => {
    Object.assign(req.session, req.query);
    res.json({ saved: true });
  });

const nextRoute = (express: Express): void => void express.get('/next', (req, res) => void res.json({ next: req.session.next }));

describe('semantics 26: caches', () => {
  test('every response for which a session was read has Vary: Cookie, besides other values', async () => {
    const app = await host.start((express) => {
      nextRoute(express);
      express.get('/vary', (_req, res) => void res.vary('Accept-Language').json({}));
    });
    expect((await app.browser().get('/next')).headers.get('vary')).toBe('Cookie');
    expect((await app.browser().get('/vary')).headers.get('vary')).toBe('Accept-Language, Cookie');
  });

  test('a response with the cookie is not cached', async () => {
    const app = await host.start((express) => {
      express.post('/put', (req, res) => {
        res.set('Cache-Control', 'public, max-age=600');
        Object.assign(req.session, { next: '/x' });
        res.json({});
      });
      express.post('/empty', async (req, res) => {
        res.set('Cache-Control', 'public, max-age=600');
        await sessionOf(req).flush();
        res.json({});
      });
      express.get('/public', (_req, res) => void res.set('Cache-Control', 'public, max-age=600').json({}));
    });
    const browser = app.browser();
    const answer = await browser.post('/put');
    expect(answer.setCookies).toHaveLength(1);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await browser.get('/public')).headers.get('cache-control')).toBe('public, max-age=600');
    const taken = await browser.post('/empty');
    expect(taken.setCookies).toEqual([expect.stringMatching(/^sid=; Max-Age=0/)]);
    expect(taken.headers.get('cache-control')).toBe('no-store');
  });
});

describe('semantics 27: Set-Cookie', () => {
  test('is sent if the session is new, modified or slid past its interval, and not otherwise', async () => {
    const app = await host.start((express) => {
      putRoute(express);
      nextRoute(express);
    });
    const browser = app.browser();
    expect((await browser.get('/next')).setCookies).toHaveLength(0);
    expect((await browser.post('/put?next=/a')).setCookies).toHaveLength(1);
    expect((await browser.get('/next')).setCookies).toHaveLength(0);
    expect((await browser.post('/put?next=/a')).setCookies).toHaveLength(0);
    expect((await browser.post('/put?next=/b')).setCookies).toHaveLength(1);
    host.clock.advance(LIFETIMES.activityIntervalMs - 1);
    expect((await browser.get('/next')).setCookies).toHaveLength(0);
    host.clock.advance(1);
    expect((await browser.get('/next')).setCookies).toHaveLength(1);
    expect((await browser.get('/next')).setCookies).toHaveLength(0);
  });

  test('is never sent for responses before the session middleware', async () => {
    const app = await host.start(undefined, { before: (express) => express.get('/asset.js', (_req, res) => void res.send('1')) });
    const { browser } = await signedIn(host, app);
    host.clock.advance(LIFETIMES.activityIntervalMs);
    const answer = await browser.get('/asset.js');
    expect([answer.setCookies, answer.headers.get('vary')]).toEqual([[], null]);
  });

  test('is sent for a change after the request’s async context was lost, as some body parsers do', async () => {
    const callbacks: (() => void)[] = [];
    // Runs callbacks in another async context, that of this timer.
    const pump = setInterval(() => callbacks.splice(0).forEach((callback) => callback()), 1);
    try {
      const app = await host.start((express) =>
        express.post(
          '/put',
          (req, res) =>
            void callbacks.push(() => {
              Object.assign(req.session, { next: '/x' });
              res.json({});
            }),
        ),
      );
      expect((await app.browser().post('/put')).setCookies).toHaveLength(1);
      const { browser } = await signedIn(host, app);
      expect((await browser.post('/put')).setCookies).toHaveLength(1);
    } finally {
      clearInterval(pump);
    }
  });
});
