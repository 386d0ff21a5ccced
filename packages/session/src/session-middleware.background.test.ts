import { BACKGROUND_HEADER, BACKGROUND_HEADER_VALUE } from '@gatehouse/contract';
import type { Express } from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import type { Lifetimes } from './policy.ts';
import { sessionOf } from './session-middleware.ts';
import type { Browser } from './test-support/browser.ts';
import { createTestHost, signedIn, type TestHost } from './test-support/session-app.ts';

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterEach(() => host.stopApps());
afterAll(() => host.dispose());

const BACKGROUND = { headers: { [BACKGROUND_HEADER]: BACKGROUND_HEADER_VALUE, 'user-agent': 'A timer' } };

const countingRoutes = (express: Express): void => {
  express.get('/poll', async (req, res) => {
    await sessionOf(req).update((data) => void (data['polls'] = Number(data['polls'] ?? 0) + 1));
    res.json({ polls: (req.session as unknown as { polls: number }).polls });
  });
  express.get('/mark', (req, res) => {
    Object.assign(req.session, { mark: req.query['mark'] });
    res.json({});
  });
};

async function start(lifetimes: Partial<Lifetimes> = {}) {
  const app = await host.start(countingRoutes, { lifetimes });
  const { browser, account } = await signedIn(host, app);
  const stored = async () => {
    const record = (await app.engine.listByUser(account.user.id)).sessions[0]?.record;
    return (
      record && { lastActivityAtMs: record.lastActivityAtMs, expiresAtMs: record.expiresAtMs, ip: record.ip, userAgent: record.userAgent }
    );
  };
  return { app, browser, stored };
}

const isSignedIn = async (browser: Browser, visit = {}) => (await browser.get('/me', visit)).json<{ signedIn: boolean }>().signedIn;

describe('semantics 16 and 58: a background request is not activity', () => {
  test('it is answered, writes no activity, slides nothing and gets no cookie', async () => {
    const { browser, stored } = await start();
    const before = await stored();
    host.clock.advance(86_400_000);
    const answer = await browser.get('/me', BACKGROUND);
    expect(answer.json()).toMatchObject({ signedIn: true, session: { expires: new Date(before?.expiresAtMs ?? 0).toISOString() } });
    expect(answer.setCookies).toEqual([]);
    expect(await stored()).toEqual(before);
    // A request by a person still counts.
    await browser.get('/me');
    expect(await stored()).toMatchObject({ lastActivityAtMs: host.clock.now() });
  });

  test('two tabs that only poll do not renew each other', async () => {
    const { browser } = await start({ ageMs: 150_000 });
    for (const passedMs of [60_000, 30_000, 59_999]) {
      host.clock.advance(passedMs);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await isSignedIn(browser, BACKGROUND)).toBe(true);
    }
    host.clock.advance(1);
    const last = await browser.get('/me', BACKGROUND);
    expect(last.json()).toMatchObject({ signedIn: false, reason: 'SESSION_EXPIRED' });
  });

  test.each([
    ['assigns', '/mark?mark='],
    ['counts with update', '/poll?'],
  ])('a poll that %s in the session keeps the change, but does not renew the session', async (_name, path) => {
    const { browser, stored } = await start();
    const before = await stored();
    host.clock.advance(LIFETIMES.ageMs - 2);
    expect((await browser.get(`${path}1`, BACKGROUND)).status).toBe(200);
    expect((await browser.get(`${path}2`, BACKGROUND)).status).toBe(200);
    expect(await stored()).toEqual(before);
    host.clock.advance(2);
    expect(await isSignedIn(browser)).toBe(false);
  });

  test('with sliding off, a data change renews the session, but not in the background', async () => {
    const { browser, stored } = await start({ sliding: false });
    const before = await stored();
    host.clock.advance(3_600_000);
    await browser.get('/mark?mark=1', BACKGROUND);
    expect(await stored()).toEqual(before);
    await browser.get('/mark?mark=2');
    expect((await stored())?.expiresAtMs).toBe(host.clock.now() + LIFETIMES.ageMs);
  });

  test('the header only works for GET and HEAD; anything else is activity', async () => {
    const { browser, stored } = await start();
    host.clock.advance(86_400_000);
    await browser.post('/me', BACKGROUND);
    expect(await stored()).toMatchObject({ lastActivityAtMs: host.clock.now(), userAgent: 'A timer' });
  });

  test.each(['0', 'true', '', '1, 1'])('the header with the value %j is ignored', async (value) => {
    const { browser, stored } = await start();
    host.clock.advance(86_400_000);
    await browser.get('/me', { headers: { [BACKGROUND_HEADER]: value } });
    expect((await stored())?.lastActivityAtMs).toBe(host.clock.now());
  });

  test('a client that always sends it gains nothing: its session only ends sooner', async () => {
    const { app, browser } = await start({ ageMs: 600_000 });
    const { browser: honest } = await signedIn(host, app);
    for (let minute = 1; minute < 10; minute += 1) {
      host.clock.advance(60_000);
      // oxlint-disable-next-line no-await-in-loop -- minute by minute
      expect([await isSignedIn(browser, BACKGROUND), await isSignedIn(honest)]).toEqual([true, true]);
    }
    host.clock.advance(60_000);
    expect([await isSignedIn(browser, BACKGROUND), await isSignedIn(honest)]).toEqual([false, true]);
  });
});
