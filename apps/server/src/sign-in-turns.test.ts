import { request } from 'node:http';
import { MAX_CONCURRENT_HASHES } from '@gatehouse/accounts';
import { expect, onTestFinished, test } from 'vitest';
import { PASSWORD, runApp, type RunningApp } from '../test-support/running-app.ts';
import { AJAX, type TrpcAnswer, type Visitor } from '../test-support/visitor.ts';

const AT_ONCE = 4 * MAX_CONCURRENT_HASHES;
const WAITING = 116;

/** The real app behind a proxy. The test controls when passwords are hashed. */
async function heldApp() {
  const app = await runApp({ TRUST_PROXY: '1' });
  onTestFinished(() => app.close());
  const held: { identifier: string; release: () => void }[] = [];
  return {
    app,
    /** Passwords that are being hashed. */
    held,
    hold(): void {
      const { authenticate } = app.accounts;
      app.accounts.authenticate = (credentials) =>
        new Promise((resolve) => held.push({ identifier: credentials.identifier, release: () => resolve(authenticate(credentials)) }));
    },
  };
}

const from = (browser: Visitor, address: string, identifier: string, password = 'wrong password'): Promise<TrpcAnswer> =>
  browser.mutate('auth.login', { identifier, password }, { ...AJAX, 'x-forwarded-for': address });

/** One attempt from each of 200 addresses. The queue for hashing fills up, and the others are refused. */
async function flood(app: RunningApp, held: readonly unknown[]): Promise<TrpcAnswer[]> {
  const refused: TrpcAnswer[] = [];
  for (let number = 0; number < 200; number += 1)
    from(app.visitor(), `198.51.100.${number}`, `person${number}`).then(
      (answer) => refused.push(answer),
      // The server closes at the end of the test while attempts still wait.
      () => undefined,
    );
  await expect.poll(() => [held.length, refused.length], { timeout: 20_000 }).toEqual([AT_ONCE, 200 - AT_ONCE - WAITING]);
  return refused;
}

test('security 46: a known device can sign in while 200 addresses try passwords', async () => {
  const { app, held, hold } = await heldApp();
  const desk = app.visitor();
  expect((await from(desk, '192.0.2.1', 'ada', PASSWORD)).status).toBe(200);
  await desk.mutate('auth.logout');
  hold();
  const refused = await flood(app, held);
  expect(refused[0]).toMatchObject({ status: 503, error: { data: { reason: 'TOO_BUSY' } } });
  expect(refused[0]?.headers.get('retry-after')).not.toBeNull();

  const before = refused.length;
  // From an address that also tries passwords, as behind one router.
  const signIn = from(desk, '198.51.100.7', 'ada', PASSWORD);
  // It displaces a waiting attempt.
  await expect.poll(() => refused.length, { timeout: 20_000 }).toBe(before + 1);
  held.shift()?.release();
  await expect.poll(() => held.at(-1)?.identifier).toBe('ada');
  held.pop()?.release();
  expect((await signIn).status).toBe(200);
});

test('security 19: a sign-in whose client has disconnected leaves the queue and is not counted', async () => {
  const { app, held, hold } = await heldApp();
  hold();
  const clients = Array.from({ length: AT_ONCE }, (_, number) => from(app.visitor(), `198.51.100.${number}`, `person${number}`));
  await expect.poll(() => held.length).toBe(AT_ONCE);
  const body = JSON.stringify({ identifier: 'ada', password: 'wrong password' });
  const headers = { ...AJAX, 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.8' };
  const leaving = request(`${app.url}/trpc/auth.login`, { method: 'POST', headers }).on('error', () => undefined);
  leaving.end(body);
  const staying = from(app.visitor(), '192.0.2.9', 'root', PASSWORD);
  await expect.poll(() => app.connections()).toBe(AT_ONCE + 2);
  leaving.destroy();
  await expect.poll(() => app.connections()).toBe(AT_ONCE + 1);
  held.shift()?.release();
  await expect.poll(() => held.map(({ identifier }) => identifier)).toContain('root');
  held.splice(0).forEach(({ release }) => release());
  expect((await staying).status).toBe(200);
  await Promise.all(clients);
  expect(held).toEqual([]);
  expect(
    (await app.accounts.recentActivity((await app.accounts.findUser('ada'))?.id ?? '', { limit: 10 })).map(({ kind }) => kind),
  ).toEqual(['user_created']);
});
