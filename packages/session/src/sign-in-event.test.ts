import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { TestUser } from './conformance/engine-fixture.ts';
import { sessionOf } from './request-context.ts';
import type { SignInEvent } from './sign-in-event.ts';
import { createTestHost, type TestHost } from './test-support/session-app.ts';
import { resetWarnings } from './warn-once.ts';

let host: TestHost;
beforeAll(async () => {
  host = await createTestHost();
});
afterAll(() => host.dispose());

/** `POST /enter?method=…` signs these users in, one after another. */
async function start(users: readonly TestUser[], onSignIn: (event: SignInEvent) => void | Promise<void> = () => undefined) {
  const events: SignInEvent[] = [];
  const queue = [...users];
  const app = await host.start(
    (express) => {
      express.post('/enter', async (req, res) => {
        const { user, credentialEpoch } = queue.shift()!;
        const method = req.query['method'] as string | undefined;
        res.json({ signedIn: await sessionOf(req).signIn(user, { credentialEpoch, method }) });
      });
    },
    {
      onSignIn: async (event, req) => {
        events.push(event);
        // It may use and change the session.
        sessionOf(req).state();
        await sessionOf(req).commit();
        await onSignIn(event);
      },
    },
  );
  return { app, events, browser: app.browser() };
}

test('onSignIn is called once per sign-in, with its method, its session and the session it replaced', async () => {
  const [ada, grace] = [await host.user(), await host.user()];
  const { events, browser } = await start([ada, grace]);
  const headers = { 'user-agent': 'Firefox' };
  await browser.post('/enter', { headers });
  const first = (await browser.get('/me')).json<{ session: { handle: string } }>().session.handle;
  await browser.post('/enter?method=oidc:example.org', { headers });
  const second = (await browser.get('/me')).json<{ session: { handle: string } }>().session.handle;
  const client = { ip: '127.0.0.1', userAgent: 'Firefox' };
  expect(events).toEqual([
    { user: ada.user, method: 'password', handle: first, client, replaced: undefined },
    { user: grace.user, method: 'oidc:example.org', handle: second, client, replaced: { userId: ada.user.id, handle: first } },
  ]);
});

test('onSignIn is not called for a refused sign-in', async () => {
  const ada = await host.user();
  const { events, browser } = await start([{ ...ada, credentialEpoch: ada.credentialEpoch + 1 }]);
  expect((await browser.post('/enter')).json()).toEqual({ signedIn: false });
  expect(events).toEqual([]);
});

test.each(['', 'Passkey', 'magic link', '1st', 'x'.repeat(33), 'evil\nline', 'é'])(
  'an invalid method is refused, and nobody is signed in or out: %j',
  async (method) => {
    const [ada, grace] = [await host.user(), await host.user()];
    const { app, events, browser } = await start([ada, grace]);
    await browser.post('/enter');
    expect((await browser.post(`/enter?method=${encodeURIComponent(method)}`)).status).toBe(500);
    expect(app.errors).toEqual([expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('"passkey"') as string })]);
    expect((await browser.get('/me')).json()).toMatchObject({ signedIn: true, user: { id: ada.user.id } });
    expect(events).toHaveLength(1);
  },
);

test.each([
  [
    'throws',
    () => {
      throw new Error('no audit');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no audit'))],
])('an onSignIn that %s causes a warning, and the user is signed in', async (_, onSignIn) => {
  resetWarnings();
  const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  onTestFinished(() => warnings.mockRestore());
  const { browser } = await start([await host.user()], onSignIn);
  expect((await browser.post('/enter')).json()).toEqual({ signedIn: true });
  expect((await browser.get('/me')).json()).toMatchObject({ signedIn: true });
  expect(warnings).toHaveBeenCalledWith(expect.stringContaining('no audit'), expect.objectContaining({ code: 'GATEHOUSE_ON_SIGN_IN' }));
});
