import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from './engine-port.ts';
import { LOST_ROTATION_MS, PREVIOUS_SECRET_GRACE_MS } from './secrets.ts';
import { sessionOf } from './session-middleware.ts';
import { handleIn, type Answer, type Browser } from './test-support/browser.ts';
import { at, createTestHost, signedIn, withCalls, type TestHost } from './test-support/session-app.ts';
import { slowRoute } from './test-support/slow-route.ts';
import { cookieOf, dataRoutes, isSignedIn } from './test-support/data-routes.ts';

/**
 * Signing in creates a session that claims the browser's previous one. Other requests of the browser may be in flight
 * with the previous cookie.
 */

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterEach(() => host.stopApps());
afterAll(() => host.dispose());

function expectConflict(answer: Answer): void {
  expect([answer.status, answer.setCookies]).toEqual([409, []]);
  expect(answer.json()).toMatchObject({ error: { reason: 'CONFLICT' } });
}

/** A browser that signed in from an anonymous session, and another of its tabs with the cookie from before. */
async function entered(engine?: (engine: Engine) => Engine) {
  const app = await host.start(dataRoutes, { ...(engine && { engine }) });
  const [browser, account] = [app.browser(), await host.user()];
  await browser.post('/put?next=/before');
  const late = at(app, browser);
  const signIn = (tab: Browser) => tab.post(`/sign-in?user=${account.user.id}`);
  return { app, browser, late, account, signIn, sessions: async () => (await app.engine.listByUser(account.user.id)).sessions };
}

describe('the session from before a sign-in', () => {
  test('is not live any more: its cookie is refused and kept', async () => {
    const { app, browser, late, signIn } = await entered();
    await signIn(browser);
    expect(handleIn(cookieOf(browser))).not.toBe(handleIn(cookieOf(late)));
    const answer = await late.get('/me');
    expect([answer.json(), answer.setCookies]).toEqual([{ signedIn: false, reason: 'SESSION_ENDED' }, []]);
    expect((await late.get('/data')).json()).toEqual({});
    expect(await app.engine.find(handleIn(cookieOf(late)))).toBeUndefined();
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('can sign out: its cookie ends the new session, across several sign-ins', async () => {
    const { app, browser, late, signIn } = await entered();
    await signIn(browser);
    expect((await late.post('/sign-out')).status).toBe(200);
    expect(await isSignedIn(browser)).toBe(false);
    const next = await signedIn(host, app);
    const before = at(app, next.browser);
    for (let n = 0; n < 2; n += 1) await next.browser.post(`/sign-in?user=${(await host.user()).user.id}`);
    expect(await isSignedIn(next.browser)).toBe(true);
    const answer = await before.post('/sign-out');
    expect([answer.status, answer.setCookies]).toEqual([200, [expect.stringMatching(/^sid=; Max-Age=0/)]]);
    expect(await isSignedIn(next.browser)).toBe(false);
  });

  test('passes on data that was stored until the last moment, if the key is declared', async () => {
    let isMeanwhile = false;
    let anonymous = '';
    const { browser, signIn, late } = await entered(
      withCalls((engine) => ({
        // Between the load and the claim, three times.
        async claim(handle, request) {
          if (isMeanwhile && Number(request.expectedVersion) < 4) {
            const found = await engine.find(anonymous);
            if (!found) throw new Error('It is live.');
            const { record } = found;
            const data = { ...record.data, next: `/meanwhile/${record.version}`, undeclared: 1 };
            await engine.update(anonymous, { expectedVersion: record.version, timestamps: record, data });
          }
          return engine.claim(handle, request);
        },
      })),
    );
    anonymous = handleIn(cookieOf(late));
    isMeanwhile = true;
    expect((await signIn(browser)).status).toBe(200);
    expect((await browser.get('/data')).json()).toEqual({ next: '/meanwhile/3' });
    await browser.post('/put?fine=1');
    expect((await browser.get('/data')).json()).toEqual({ next: '/meanwhile/3', fine: '1' });
  });

  test('passes on the request’s own changes in preference to concurrent ones', async () => {
    let isMeanwhile = false;
    const owner = await host.user();
    const app = await host.start(
      (express) => {
        dataRoutes(express);
        express.post('/enter', async (req, res) => {
          Object.assign(req.session, { next: '/mine' });
          isMeanwhile = true;
          res.json({ done: await sessionOf(req).signIn(owner.user, { credentialEpoch: 0 }) });
        });
      },
      {
        engine: withCalls((engine) => ({
          async claim(handle, request) {
            const found = isMeanwhile ? await engine.find(handle) : undefined;
            isMeanwhile = false;
            if (found)
              await engine.update(handle, { expectedVersion: found.record.version, timestamps: found.record, data: { next: '/theirs' } });
            return engine.claim(handle, request);
          },
        })),
      },
    );
    const browser = app.browser();
    await browser.post('/put?next=/before');
    expect((await browser.post('/enter')).json()).toEqual({ done: true });
    expect((await browser.get('/data')).json()).toEqual({ next: '/mine' });
  });

  test('stays, with its data, if the storage fails at the claim; nobody is signed in, and nothing is left over', async () => {
    let fails = true;
    const { browser, signIn, sessions } = await entered(
      withCalls((engine) => ({ claim: (...args) => (fails ? Promise.reject(new Error('disk')) : engine.claim(...args)) })),
    );
    const answer = await signIn(browser);
    expect([answer.status, answer.setCookies]).toEqual([500, []]);
    expect((await browser.get('/data')).json()).toEqual({ next: '/before' });
    expect(await sessions()).toEqual([]);
    fails = false;
    expect((await signIn(browser)).status).toBe(200);
    expect((await browser.get('/data')).json()).toEqual({ next: '/before' });
  });

  test('ended in the meantime: the sign-in still creates a new one', async () => {
    const { browser, signIn, sessions } = await entered(
      withCalls((engine) => ({
        async claim(handle, request) {
          await engine.destroy(handle);
          return engine.claim(handle, request);
        },
      })),
    );
    expect((await signIn(browser)).status).toBe(200);
    expect(await isSignedIn(browser)).toBe(true);
    expect(await sessions()).toHaveLength(1);
  });
});

describe('semantics 32: a sign-in with the cookie from before another sign-in', () => {
  test('is a conflict while the other’s response may be on its way; after that the other one counts as lost and ends', async () => {
    const { browser: lost, late, signIn, sessions } = await entered();
    await signIn(lost);
    host.clock.advance(LOST_ROTATION_MS - 1);
    expectConflict(await signIn(late));
    expect(await sessions()).toHaveLength(1);
    host.clock.advance(1);
    expect((await signIn(late)).status).toBe(200);
    expect([await isSignedIn(late), await isSignedIn(lost)]).toEqual([true, false]);
    expect(await sessions()).toHaveLength(1);
  });

  test('is a conflict while earlier requests may be on their way; after that the browser has no other cookie, and the other one ends', async () => {
    const { browser, late, signIn, sessions } = await entered();
    await signIn(browser);
    host.clock.advance(60_000);
    expect(await isSignedIn(browser)).toBe(true);
    host.clock.advance(PREVIOUS_SECRET_GRACE_MS - 1);
    expectConflict(await signIn(late));
    expect(await isSignedIn(browser)).toBe(true);
    host.clock.advance(1);
    expect((await signIn(late)).status).toBe(200);
    expect([await isSignedIn(late), await isSignedIn(browser)]).toEqual([true, false]);
    expect(await sessions()).toHaveLength(1);
  });

  test('gets an HTML page for a navigation', async () => {
    const { browser, late, signIn } = await entered();
    await signIn(browser);
    const account = await host.user();
    const headers = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };
    const answer = await late.post(`/sign-in?user=${account.user.id}`, { headers });
    expect([answer.status, answer.headers.get('location'), answer.setCookies]).toEqual([409, null, []]);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  });

  test('the same with a secret that is refused by now: one session is left, without its data', async () => {
    let isMeanwhile = false;
    const { app, browser, signIn, sessions } = await entered(
      withCalls((engine) => ({
        async claim(handle, request) {
          const found = isMeanwhile ? await engine.find(handle) : undefined;
          isMeanwhile = false;
          if (found) {
            const { record } = found;
            await engine.update(handle, { expectedVersion: record.version, timestamps: record, data: { ...record.data, more: 1 } });
          }
          return engine.claim(handle, request);
        },
      })),
    );
    await signIn(browser);
    await browser.post('/put?next=/private');
    const late = at(app, browser);
    await browser.post('/prove');
    expectConflict(await signIn(late));
    host.clock.advance(LOST_ROTATION_MS);
    isMeanwhile = true;
    expect((await signIn(late)).status).toBe(200);
    expect(isMeanwhile).toBe(false);
    expect([await isSignedIn(late), await isSignedIn(browser)]).toEqual([true, false]);
    expect(await sessions()).toHaveLength(1);
    expect((await late.get('/data')).json()).toEqual({});
  });
});

describe('a request that has the cookie from before, and puts data into a new session', () => {
  test.each([
    ['a sign-in', (browser: Browser, signIn: (tab: Browser) => Promise<Answer>) => signIn(browser)],
    [
      'a re-authentication',
      async (browser: Browser, signIn: (tab: Browser) => Promise<Answer>) => {
        await signIn(browser);
        return browser.post('/prove');
      },
    ],
  ])('is a conflict just after %s: its cookie would replace the new one', async (name, enter) => {
    const { app, browser, late: anonymous, signIn } = await entered();
    if (name === 'a re-authentication') await signIn(browser);
    const late = name === 'a sign-in' ? anonymous : at(app, browser);
    const before = (await app.engine.count()).sessions;
    await enter(browser, signIn);
    expectConflict(await late.post('/put?next=/late'));
    host.clock.advance(60_000);
    expect(await isSignedIn(browser)).toBe(true);
    expectConflict(await late.post('/put?next=/late'));
    expect((await app.engine.count()).sessions).toBe(before);
    host.clock.advance(PREVIOUS_SECRET_GRACE_MS);
    // Later it comes from a browser that has no other cookie.
    expect((await late.post('/put?next=/late')).setCookies).toHaveLength(1);
    expect((await late.get('/data')).json()).toEqual({ next: '/late' });
    expect(await isSignedIn(browser)).toBe(true);
  });

  test('is allowed if it ended that session itself', async () => {
    const app = await host.start((express) => {
      dataRoutes(express);
      express.post('/anew', async (req, res) => {
        await sessionOf(req).flush();
        Object.assign(req.session, { next: '/anew' });
        res.json({});
      });
    });
    const browser = app.browser();
    await browser.post('/put?next=/x');
    const late = at(app, browser);
    await browser.post(`/sign-in?user=${(await host.user()).user.id}`);
    expect((await late.post('/anew')).setCookies).toHaveLength(1);
    expect((await late.get('/data')).json()).toEqual({ next: '/anew' });
    expect(await isSignedIn(browser)).toBe(false);
  });
});

describe('semantics 25: an anonymous session that a slow request empties', () => {
  async function emptying() {
    const slow = slowRoute(async (req, res) => {
      delete req.session.next;
      res.json({});
    });
    const foundAtDestroy: unknown[] = [];
    const app = await host.start(
      (express) => {
        dataRoutes(express);
        slow.route(express);
      },
      {
        engine: withCalls((engine) => ({
          async destroy(handle, options) {
            foundAtDestroy.push(await engine.find(handle));
            return engine.destroy(handle, options);
          },
        })),
      },
    );
    const browser = app.browser();
    await browser.post('/put?next=/x');
    const [late, cookie] = [at(app, browser), cookieOf(browser)];
    const running = late.post('/slow');
    await slow.arrived(1);
    return { browser, late, running, cookie, goOn: slow.goOn, foundAtDestroy };
  }

  test('is deleted, row and cookie; no request finds it empty', async () => {
    const { late, running, goOn, cookie, foundAtDestroy } = await emptying();
    goOn();
    const answer = await running;
    expect(foundAtDestroy).toEqual([undefined]);
    expect(answer.setCookies).toEqual([expect.stringMatching(/^sid=; Max-Age=0/)]);
    expect(await host.hasRow(cookie)).toBe(false);
    expect((await late.get('/data')).json()).toEqual({});
  });

  test('semantics 30: stays if another request has stored data in it', async () => {
    const { browser, running, goOn } = await emptying();
    await browser.post('/put?basket=full');
    goOn();
    expect((await running).setCookies).not.toContainEqual(expect.stringContaining('Max-Age=0'));
    expect((await browser.get('/data')).json()).toEqual({ basket: 'full' });
  });

  test('does not end the session that was signed in from it', async () => {
    const { browser, running, goOn } = await emptying();
    await browser.post(`/sign-in?user=${(await host.user()).user.id}`);
    goOn();
    const answer = await running;
    expect([answer.status, answer.setCookies]).toEqual([401, []]);
    expect(await isSignedIn(browser)).toBe(true);
  });
});
