import { meSchema } from '@gatehouse/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addUser, runApp, type RunningApp } from '../test-support/running-app.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await runApp();
});
afterAll(() => app.close());

test('sign in, me, sign out', async () => {
  const browser = app.visitor();
  expect((await browser.query('auth.me')).error?.data).toMatchObject({ code: 'UNAUTHORIZED', reason: 'SIGN_IN_REQUIRED' });
  expect(await browser.query('auth.presence')).toMatchObject({ status: 200, data: { signedIn: false, reason: 'SIGN_IN_REQUIRED' } });

  const signedIn = await browser.signIn();
  expect(signedIn.status).toBe(200);
  const me = meSchema.parse((await browser.query('auth.me')).data);
  expect(me.user).toMatchObject({ username: 'ada', email: 'ada@example.org', name: 'Ada Lovelace', role: 'user', status: 'active' });
  expect(me.session.handle).toMatch(/^ses_/);
  expect(me.session.loginTime).toBeInstanceOf(Date);
  expect(me.session.expires.getTime() - me.serverNow.getTime()).toBeGreaterThan(13.9 * 86_400_000);
  expect(me.session.absoluteExpires.getTime()).toBeGreaterThan(me.session.expires.getTime());
  const presence = (await browser.query('auth.presence')).data;
  expect({ ...meSchema.parse(presence.me), serverNow: me.serverNow }).toEqual(me);

  const old = browser.cookie;
  expect((await browser.mutate('auth.logout')).data).toEqual({ signedOut: true });
  expect(browser.cookie).toBeUndefined();
  browser.cookie = old;
  expect((await browser.query('auth.presence')).data).toEqual({ signedIn: false, reason: 'SESSION_ENDED' });
  browser.cookie = old;
  expect((await browser.query('auth.me')).error?.data).toMatchObject({ code: 'UNAUTHORIZED', reason: 'SESSION_ENDED' });
});

test('logout is idempotent: it succeeds without a session, and creates none', async () => {
  const browser = app.visitor();
  expect((await browser.mutate('auth.logout')).data).toEqual({ signedOut: true });
  expect(browser.cookie).toBeUndefined();
});

test('sign-in also works with the e-mail address, in any case', async () => {
  expect((await app.visitor().signIn('Ada@Example.org')).data.user.username).toBe('ada');
});

test('security 17: unknown user, wrong password and suspended user get the same answer', async () => {
  const sue = await addUser(app.accounts, { username: 'sue' });
  await app.accounts.setStatus(sue, 'suspended');
  const answers = await Promise.all([
    app.visitor().signIn('nobody'),
    app.visitor().signIn('ada', 'wrong password'),
    app.visitor().signIn('sue'),
  ]);
  for (const { status, error, headers } of answers) {
    expect(status).toBe(401);
    expect(error).toEqual(answers[0]?.error);
    expect(error?.data.reason).toBe('INVALID_CREDENTIALS');
    expect(headers.getSetCookie()).toEqual([]);
  }
});

test('a refused sign-in keeps the current session', async () => {
  const browser = app.visitor();
  await browser.signIn();
  expect((await browser.signIn('root', 'wrong password')).status).toBe(401);
  expect((await browser.query('auth.me')).data.user.username).toBe('ada');
});

test('security 2: each sign-in sets a new cookie, and the previous one is refused', async () => {
  const browser = app.visitor();
  await browser.signIn();
  const first = browser.cookie;
  await browser.signIn('root');
  expect(browser.cookie).not.toBe(first);
  const thief = app.visitor();
  thief.cookie = first;
  expect((await thief.query('auth.me')).status).toBe(401);
});

test('a planted cookie without a valid signature is not adopted', async () => {
  const browser = app.visitor();
  browser.cookie = 'gatehouse.sid=s%3Aplanted.signature';
  await browser.signIn();
  expect(browser.cookie).not.toContain('planted');
});

test('remember: true sets a persistent cookie, false a browser-session cookie, and without it the setting applies', async () => {
  const cookieFor = async (remember?: boolean) => (await app.visitor().signIn('ada', undefined, remember)).headers.getSetCookie()[0];
  expect(await cookieFor(true)).toContain('Max-Age=1209600');
  expect(await cookieFor()).toContain('Max-Age=1209600');
  expect(await cookieFor(false)).not.toMatch(/Max-Age|Expires/);
});

test('security 22: the cookie is HttpOnly, SameSite=Lax, Path=/, without Domain, and not Secure over plain http', async () => {
  const cookie = (await app.visitor().signIn()).headers.getSetCookie()[0];
  expect(cookie).toMatch(/^gatehouse\.sid=s%3A/);
  expect(cookie).toContain('; HttpOnly');
  expect(cookie).toContain('; SameSite=Lax');
  expect(cookie).toContain('; Path=/');
  expect(cookie).not.toMatch(/Secure|Domain/);
});

test('input errors are reported per field', async () => {
  const { status, error } = await app.visitor().mutate('auth.login', { identifier: '', password: '' });
  expect(status).toBe(400);
  expect(error?.data.reason).toBe('INVALID_INPUT');
  expect(error?.data.fields).toEqual({ identifier: ['Enter your user name or e-mail address.'], password: ['Enter your password.'] });
});

test('semantics 38: a changed name and role show in every session on its next request', async () => {
  const eve = await addUser(app.accounts, { username: 'eve' });
  const [phone, laptop] = [app.visitor(), app.visitor()];
  await phone.signIn('eve');
  await laptop.signIn('eve');
  expect((await phone.mutate('account.updateProfile', { name: 'Eva' })).data.name).toBe('Eva');
  expect((await laptop.query('auth.me')).data.user.name).toBe('Eva');
  expect((await laptop.query('admin.overview')).error?.data.reason).toBe('ROLE_REQUIRED');
  await app.accounts.setRole(eve, 'admin');
  expect((await laptop.query('admin.overview')).data).toMatchObject({ users: expect.any(Number) });
  await app.accounts.setRole(eve, 'user');
  expect((await laptop.query('admin.overview')).status).toBe(403);
});

test('semantics 38: suspension ends all sessions at once, and reactivation does not restore any', async () => {
  const mel = await addUser(app.accounts, { username: 'mel' });
  const browser = app.visitor();
  await browser.signIn('mel');
  const cookie = browser.cookie;
  await app.accounts.setStatus(mel, 'suspended');
  expect((await browser.query('auth.me')).status).toBe(401);
  await app.accounts.setStatus(mel, 'active');
  browser.cookie = cookie;
  expect((await browser.query('auth.me')).status).toBe(401);
});

test('recent activity shows sign-ins and failures to their owner', async () => {
  await addUser(app.accounts, { username: 'kim' });
  const browser = app.visitor();
  await browser.signIn('kim', 'wrong password');
  await browser.signIn('kim');
  await expect
    .poll(async () => (await browser.query('account.recentActivity')).data.map(({ kind }: { kind: string }) => kind))
    .toEqual(['signed_in', 'sign_in_failed', 'user_created']);
});

test('a read-only me inside the activity interval costs one query and no write', async () => {
  const browser = app.visitor();
  await browser.signIn();
  // The first request with a new cookie writes.
  await browser.query('auth.me');
  app.takeQueries();
  await browser.query('auth.me');
  const queries = app.takeQueries();
  expect(queries).toHaveLength(1);
  expect(queries[0]).toMatch(/^\s*SELECT/i);
});

test('a batch of queries reads the session once', async () => {
  const browser = app.visitor();
  await browser.signIn();
  await browser.query('auth.me');
  app.takeQueries();
  const response = await browser.fetch('/trpc/auth.me,auth.me,auth.me?batch=1&input=%7B%7D');
  expect(await response.json()).toHaveLength(3);
  expect(app.takeQueries()).toHaveLength(1);
});
