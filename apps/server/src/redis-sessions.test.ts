import { REDIS_AVAILABLE, startRedis, type RedisServer } from '@gatehouse/session/test-support/redis-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addUser, runApp, type RunningApp } from '../test-support/running-app.ts';

describe.skipIf(!REDIS_AVAILABLE)('the real app with SESSION_ENGINE=redis', () => {
  let redis: RedisServer;
  let app: RunningApp;
  beforeAll(async () => {
    redis = await startRedis();
    app = await runApp({ SESSION_ENGINE: 'redis', REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await app.close();
    await redis.stop();
  });

  /** Signs in a new user. */
  async function signedIn(username: string) {
    const id = await addUser(app.accounts, { username });
    const browser = app.visitor();
    expect((await browser.signIn(username)).status).toBe(200);
    return { id, browser };
  }

  test('sign in, me, sign out; then the old cookie is invalid', async () => {
    const { browser } = await signedIn('ann');
    expect((await browser.query('auth.me')).data.user).toMatchObject({ username: 'ann', role: 'user', status: 'active' });
    const old = browser.cookie;
    expect((await browser.mutate('auth.logout')).data).toEqual({ signedOut: true });
    expect(browser.cookie).toBeUndefined();
    browser.cookie = old;
    expect((await browser.query('auth.me')).error?.data).toMatchObject({ code: 'UNAUTHORIZED', reason: 'SESSION_ENDED' });
  });

  test('the database has no sessions', async () => {
    await signedIn('dan');
    expect(await app.database.prisma.session.count()).toBe(0);
  });

  test('a read-only me does not query the database', async () => {
    const { browser } = await signedIn('mia');
    app.takeQueries();
    expect((await browser.query('auth.me')).status).toBe(200);
    expect(app.takeQueries()).toEqual([]);
  });

  test('a rename and a change of role made by another process show on the next request', async () => {
    const { id, browser } = await signedIn('ben');
    await using other = await app.elsewhere();
    expect((await browser.query('admin.overview')).error?.data.reason).toBe('ROLE_REQUIRED');
    await other.accounts.updateProfile(id, { name: 'Benedict' });
    await other.accounts.setRole(id, 'admin');
    expect((await browser.query('auth.me')).data.user).toMatchObject({ name: 'Benedict', role: 'admin' });
    expect((await browser.query('admin.overview')).status).toBe(200);
    await other.accounts.setRole(id, 'user');
    expect((await browser.query('admin.overview')).status).toBe(403);
  });

  test('a suspension by another process ends every session at once, and reactivation does not restore any', async () => {
    const { id, browser } = await signedIn('cat');
    const { cookie } = browser;
    await using other = await app.elsewhere();
    expect((await other.accounts.setStatus(id, 'suspended')).ended).toBe(1);
    expect((await browser.query('auth.me')).status).toBe(401);
    expect((await browser.signIn('cat')).status).toBe(401);
    await other.accounts.setStatus(id, 'active');
    browser.cookie = cookie;
    expect((await browser.query('auth.me')).status).toBe(401);
  });

  test('a password change by another process ends every session but the one it keeps', async () => {
    const { id, browser } = await signedIn('eli');
    const second = app.visitor();
    await second.signIn('eli');
    await using other = await app.elsewhere();
    const exceptHandle = (await second.query('auth.me')).data.session.handle as string;
    expect(await other.accounts.changePassword(id, 'another good long one', { exceptHandle })).toEqual({
      ok: true,
      ended: 1,
      credentialEpoch: 1,
    });
    expect((await browser.query('auth.me')).status).toBe(401);
    expect((await second.query('auth.me')).status).toBe(200);
    expect((await app.visitor().signIn('eli')).status).toBe(401);
    expect((await app.visitor().signIn('eli', 'another good long one')).status).toBe(200);
  });

  test('a session that another process revoked stays revoked, despite running requests', async () => {
    const { id, browser } = await signedIn('fay');
    await using other = await app.elsewhere();
    const requests = Array.from({ length: 20 }, (_, index) => browser.mutate('account.updateProfile', { name: `Fay ${index}` }));
    await other.engine.destroyByUser(id);
    const { cookie } = browser;
    await Promise.all(requests);
    expect((await other.engine.listByUser(id)).sessions).toEqual([]);
    browser.cookie = cookie;
    expect((await browser.query('auth.me')).status).toBe(401);
  });
});
