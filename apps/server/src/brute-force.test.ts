import { randomBytes } from 'node:crypto';
import { POSTGRESQL, stopwatch, tcpProxy, migratedDatabase } from '@gatehouse/prisma/testing';
import { REDIS_AVAILABLE, startRedis } from '@gatehouse/session/test-support/redis-server';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { addUser, DEFAULT_TIMEOUTS, PASSWORD, runApp, type RunningApp } from '../test-support/running-app.ts';
import { AJAX, type TrpcAnswer, type Visitor } from '../test-support/visitor.ts';

vi.setConfig({ testTimeout: 60_000 });

/** The default limits, and one trusted proxy, so that a test can use many addresses. */
const LIMITED = { SIGN_IN_LIMIT_ACCOUNT: '5', SIGN_IN_LIMIT_ADDRESS: '20', TRUST_PROXY: '1' };

/** The clock is stopped, so that a delay does not expire while a busy machine runs the test. */
async function limitedApp(env: Record<string, string> = {}): Promise<RunningApp> {
  const startMs = Date.now();
  const app = await runApp({ ...LIMITED, ...env }, { limitsNow: () => startMs });
  onTestFinished(() => app.close());
  return app;
}

const from = (browser: Visitor, address: string, identifier: string, password = 'wrong password'): Promise<TrpcAnswer> =>
  browser.mutate('auth.login', { identifier, password }, { ...AJAX, 'x-forwarded-for': address });

const address = (number: number): string => `198.51.100.${number}`;

/** The statuses of `times` sequential attempts. */
async function statuses(times: number, attempt: (index: number) => Promise<TrpcAnswer>): Promise<number[]> {
  const seen: number[] = [];
  for (let index = 0; index < times; index += 1) seen.push((await attempt(index)).status);
  return seen;
}

const tried = (seen: readonly number[]): number => seen.filter((status) => status !== 429).length;

test('security 15: attempts on one account from 30 addresses are throttled, in any case of its name, even with the right password', async () => {
  const app = await limitedApp();
  const names = ['ada', 'ADA', ' Ada', 'ａda'];
  const seen = await statuses(30, (index) => from(app.visitor(), address(index), names[index % names.length] ?? ''));
  expect(seen.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
  expect(tried(seen)).toBeLessThan(9);
  await from(app.visitor(), address(98), 'ada');
  const refused = await from(app.visitor(), address(99), 'ada', PASSWORD);
  expect(refused.status).toBe(429);
  expect(refused.error?.data).toMatchObject({ code: 'TOO_MANY_REQUESTS', reason: 'TOO_MANY_ATTEMPTS' });
  expect(refused.error?.data.retryAfterSeconds).toBeGreaterThan(0);
  expect(refused.headers.get('retry-after')).toBe(String(refused.error?.data.retryAfterSeconds));
  expect(refused.headers.getSetCookie()).toEqual([]);
});

test('security 15: spraying from one address is throttled, by the /64; another address is not', async () => {
  const app = await limitedApp();
  const seen = await statuses(40, (index) => from(app.visitor(), `2001:db8::${index + 1}`, `person${index}`));
  expect(tried(seen)).toBeGreaterThanOrEqual(20);
  expect(tried(seen)).toBeLessThan(30);
  expect((await from(app.visitor(), '2001:db8:0:1::1', 'ada', PASSWORD)).status).toBe(200);
});

test('security 15: thirty concurrent attempts are counted before any is verified', async () => {
  const app = await limitedApp();
  const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => from(app.visitor(), address(index), 'ada')));
  expect(tried(answers.map(({ status }) => status))).toBeLessThan(9);
});

test('security 15, 37: without a trusted proxy, forwarded headers do not start a new count', async () => {
  const app = await limitedApp({ TRUST_PROXY: 'none' });
  const names = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'cf-connecting-ip', 'true-client-ip', 'x-client-ip'];
  const seen = await statuses(40, (index) =>
    app
      .visitor()
      .mutate(
        'auth.login',
        { identifier: `person${index}`, password: 'wrong password' },
        { ...AJAX, [names[index % names.length] ?? '']: address(index) },
      ),
  );
  expect(tried(seen)).toBeLessThan(30);
});

test('security 15: a batch with two sign-ins is refused as a whole, without checking a password', async () => {
  const app = await limitedApp();
  const browser = app.visitor();
  for (const path of [
    'auth.login,auth.login',
    'auth%2Elogin,auth.login',
    'auth.login%2Cauth.logout,auth.login',
    'x/auth.login,auth.login',
    'auth.login,auth.reauthenticate',
  ]) {
    const input = { 0: { identifier: 'ada', password: 'wrong password' }, 1: { identifier: 'ada', password: PASSWORD } };
    const answer = await browser.fetch(`/trpc/${path}?batch=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...AJAX },
      body: JSON.stringify({ ...input, 2: input[1] }),
    });
    expect(answer.status, path).toBeGreaterThanOrEqual(400);
    expect(answer.headers.getSetCookie(), path).toEqual([]);
  }
  expect(await app.database.prisma.limit.count()).toBe(0);
});

test('security 17: an unknown name is limited exactly like a known one, regardless of failures for other names of an account', async () => {
  const app = await limitedApp();
  const told = async (name: string) => {
    const answers: unknown[] = [];
    for (let index = 0; index < 7; index += 1) {
      const { status, error, headers } = await from(app.visitor(), address(index), name);
      answers.push({ status, error, retryAfter: headers.get('retry-after'), cookies: headers.getSetCookie() });
    }
    return answers;
  };
  const [known, unknown, odd, sameAccount] = [await told('ada'), await told('nobody'), await told('аda'), await told('ada@example.org')];
  expect(known.at(-1)).toMatchObject({ status: 429, retryAfter: '1' });
  expect(unknown).toEqual(known);
  expect(odd).toEqual(known);
  expect(sameAccount).toEqual(known);
});

describe('security 16: attempts of others', () => {
  test('cost a bounded number of signature checks, however many device cookies a request has', async () => {
    const app = await limitedApp();
    const desk = app.visitor();
    expect((await from(desk, address(1), 'ada', PASSWORD)).status).toBe(200);
    await statuses(8, (index) => from(app.visitor(), address(10 + index), 'ada'));
    const own = desk.device ?? '';
    const made = `${own.split('=', 1)[0]}=${'A'.repeat(22)}.${'B'.repeat(43)}`;
    const withCookies = async (cookies: string[]): Promise<number> => {
      const headers = { ...AJAX, 'content-type': 'application/json', 'x-forwarded-for': address(1), cookie: cookies.join('; ') };
      const body = JSON.stringify({ identifier: 'ada', password: PASSWORD });
      return (await app.visitor().fetch('/trpc/auth.login', { method: 'POST', headers, body })).status;
    };
    expect(await withCookies([...Array<string>(100).fill(made), own])).toBe(429);
    expect(await withCookies([made, own])).toBe(200);
  });

  test('do not block a device that signed in before, even after a sign-out, and end no session', async () => {
    const app = await limitedApp();
    const [desk, phone] = [app.visitor(), app.visitor()];
    expect((await from(desk, address(1), 'ada', PASSWORD)).status).toBe(200);
    expect((await from(phone, address(2), 'ada', PASSWORD)).status).toBe(200);
    await phone.mutate('auth.logout');
    // Also from the owner's address, as behind one router.
    await statuses(40, (index) => from(app.visitor(), index % 2 ? address(2) : address(3), `ada`));
    await statuses(40, (index) => from(app.visitor(), address(2), `person${index}`));

    expect((await desk.query('auth.me')).data.user.username).toBe('ada');
    expect((await from(app.visitor(), address(2), 'ada', PASSWORD)).status).toBe(429);
    expect((await from(phone, address(2), 'ada', 'mistyped')).status).toBe(401);
    expect((await from(phone, address(2), 'ada', PASSWORD)).status).toBe(200);
    // Also with the other name.
    expect((await from(phone, address(2), 'ada@example.org', PASSWORD)).status).toBe(200);
  });

  test('a known device has a limited number of attempts, only for its own account', async () => {
    const app = await limitedApp();
    const thief = app.visitor();
    expect((await from(thief, address(1), 'root', PASSWORD)).status).toBe(200);
    expect(tried(await statuses(15, () => from(thief, address(1), 'root')))).toBeLessThan(9);
    expect(tried(await statuses(15, () => from(thief, address(2), 'ada')))).toBeLessThan(9);
    // The device used up its attempts; the owner can sign in elsewhere.
    expect((await from(app.visitor(), address(3), 'root', PASSWORD)).status).toBe(200);
  });

  test('an open session allows neither unlimited password guesses nor locking the account', async () => {
    const app = await limitedApp();
    const screen = app.visitor();
    await from(screen, address(1), 'ada', PASSWORD);
    screen.device = undefined;
    const guess = () => screen.mutate('auth.reauthenticate', { password: 'wrong password' });
    const change = () =>
      screen.mutate('account.changePassword', { currentPassword: 'wrong password', newPassword: 'another good long one' });
    expect(tried(await statuses(20, (index) => (index % 2 ? guess() : change())))).toBeLessThan(9);
    const refused = (await guess()).error?.data;
    expect(refused).toMatchObject({ code: 'TOO_MANY_REQUESTS', reason: 'TOO_MANY_ATTEMPTS' });
    expect((await screen.query('auth.me')).status).toBe(200);
    expect((await from(app.visitor(), address(2), 'ada', PASSWORD)).status).toBe(200);
  });

  test('attempts of others do not keep the owner from re-authenticating', async () => {
    const app = await limitedApp();
    const screen = app.visitor();
    await from(screen, address(1), 'ada', PASSWORD);
    screen.device = undefined;
    await statuses(20, (index) => from(app.visitor(), address(index), 'ada'));
    expect((await screen.mutate('auth.reauthenticate', { password: PASSWORD })).status).toBe(200);
  });

  test('the device’s cookie is HttpOnly, outlives the browser and the sign-out, and does not sign in', async () => {
    const app = await limitedApp();
    const browser = app.visitor();
    const signedIn = await browser.signIn();
    const [cookie] = signedIn.headers.getSetCookie().filter((header) => header.startsWith('deviceid='));
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    expect(cookie).toMatch(/; Max-Age=34560000/);
    expect(cookie).not.toMatch(/ada|Domain/);
    await browser.mutate('auth.logout');
    expect(browser.device).toBeDefined();
    expect((await browser.query('auth.me')).status).toBe(401);
  });
});

test('the owner sees the lock once, and attempts that were not checked add no failures', async () => {
  const app = await limitedApp();
  const kim = await addUser(app.accounts, { username: 'kim' });
  await Promise.all(Array.from({ length: 20 }, (_, index) => from(app.visitor(), address(index), 'kim')));
  const recorded = async (wanted: string) =>
    (await app.accounts.recentActivity(kim, { limit: 100 })).filter(({ kind }) => kind === wanted).length;
  await expect.poll(() => recorded('locked')).toBe(1);
  await expect.poll(() => recorded('sign_in_failed')).toBeGreaterThanOrEqual(5);
  expect(await recorded('sign_in_failed')).toBeLessThan(9);
});

test('stored attempts contain neither account names nor addresses', async () => {
  const app = await limitedApp();
  await from(app.visitor(), address(7), 'my-password-typed-here');
  const rows = await app.database.prisma.limit.findMany();
  expect(rows).toHaveLength(2);
  for (const { key } of rows) expect(key).toMatch(/^[\w-]{43}$/);
});

describe.skipIf(!REDIS_AVAILABLE)('limits in Redis', () => {
  test('F-19: two servers on one Redis count together', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const env = { SESSION_ENGINE: 'redis', REDIS_URL: redis.url, SESSION_SECRET: randomBytes(32).toString('base64url') };
    const app = await limitedApp(env);
    const second = await limitedApp({ ...env, DATABASE_URL: app.databaseUrl });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => from(index % 2 ? app.visitor() : second.visitor(), address(index), 'ada')),
    );
    expect(tried(answers.map(({ status }) => status))).toBeLessThan(9);
    expect(await app.database.prisma.limit.count()).toBe(0);
  });

  test('without Redis, sign-in is a 503 instead of unlimited', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const app = await limitedApp({ ...DEFAULT_TIMEOUTS, SESSION_ENGINE: 'redis', REDIS_URL: redis.url });
    await redis.kill();
    const tookMs = stopwatch();
    const { status, error, headers } = await app.visitor().signIn();
    expect({ status, reason: error?.data.reason }).toEqual({ status: 503, reason: 'STORAGE_UNAVAILABLE' });
    expect(headers.get('retry-after')).toBe('2');
    expect(tookMs()).toBeLessThan(2500);
  });

  test.skipIf(!POSTGRESQL.available)('F-08: with the database down a sign-in is 503, and is not counted as a failed attempt', async () => {
    const [redis, place] = [await startRedis(), await migratedDatabase(POSTGRESQL)];
    onTestFinished(async () => {
      await redis.stop();
      await place.drop();
    });
    const url = new URL(place.url);
    const proxy = await tcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
    onTestFinished(() => proxy.close());
    url.port = String(proxy.port);
    const app = await limitedApp({ SESSION_ENGINE: 'redis', REDIS_URL: redis.url, DATABASE_URL: url.href, SIGN_IN_LIMIT_ACCOUNT: '2' });
    await proxy.set('refuse');
    expect(await statuses(4, () => app.visitor().signIn('ada', 'wrong password'))).toEqual([503, 503, 503, 503]);
    await proxy.set('pass');
    await expect.poll(async () => (await app.visitor().signIn('root')).status).toBe(200);
    expect(await statuses(3, () => app.visitor().signIn('ada', 'wrong password'))).toEqual([401, 401, 429]);
  });
});
