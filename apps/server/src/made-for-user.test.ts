import { gatehouseRouter } from '@gatehouse/api';
import { BACKGROUND_HEADER, BACKGROUND_HEADER_VALUE, USER_HEADER } from '@gatehouse/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, runApp, type RunningApp } from '../test-support/running-app.ts';
import { AJAX, type Visitor } from '../test-support/visitor.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await runApp();
});
afterAll(() => app.close());

/** A browser where root signed in while pages of ada were still open. */
async function browserOfRoot(): Promise<{ browser: Visitor; ada: string; root: string }> {
  const browser = app.visitor();
  const ada = (await browser.signIn('ada')).data.user.id as string;
  const root = (await browser.signIn('root')).data.user.id as string;
  return { browser, ada, root };
}
const madeFor = (id: string) => ({ ...AJAX, [USER_HEADER]: id });

const procedures = Object.entries(gatehouseRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>);
/** Sign-in depends only on its credentials, and presence reports the current user. */
const FOR_ANYONE = ['auth.login', 'auth.presence'];
const ofType = (type: string) =>
  procedures.filter(([path, { _def }]) => _def.type === type && !FOR_ANYONE.includes(path)).map(([path]) => path);

describe('semantics 59: a call that was made for one user is not executed for another', () => {
  let one: Awaited<ReturnType<typeof browserOfRoot>>;
  beforeAll(async () => {
    one = await browserOfRoot();
  });

  test.each(ofType('mutation'))('mutation %s is refused before its input is validated', async (path) => {
    const { browser, ada, root } = one;
    const { status, error } = await browser.mutate(path, { nonsense: true }, madeFor(ada));
    expect(status).toBe(412);
    expect(error?.data).toMatchObject({ code: 'PRECONDITION_FAILED', reason: 'USER_CHANGED' });
    expect((await browser.query('auth.me')).data.user.id).toBe(root);
  });

  test.each(ofType('query'))('query %s does not return data of another account', async (path) => {
    const { browser, ada } = one;
    const response = await browser.fetch(`/trpc/${path}`, { headers: madeFor(ada) });
    expect(await response.json()).toMatchObject({ error: { data: { reason: 'USER_CHANGED' } } });
  });

  test('a name that was entered for one account is not stored in the other', async () => {
    const { browser, ada, root } = await browserOfRoot();
    const nameOf = async (id: string) => (await app.accounts.findUserById(id))?.name;
    const before = [await nameOf(ada), await nameOf(root)];
    await browser.mutate('account.updateProfile', { name: 'Typed for Ada' }, madeFor(ada));
    expect([await nameOf(ada), await nameOf(root)]).toEqual(before);
    // It is stored if the call names the signed-in user, or no user.
    expect((await browser.mutate('account.updateProfile', { name: 'Rear Admiral' }, madeFor(root))).status).toBe(200);
    expect((await browser.mutate('account.updateProfile', { name: 'Grace Hopper' })).status).toBe(200);
    expect(await nameOf(root)).toBe('Grace Hopper');
  });

  test('one user’s page does not sign out another user; without a session, sign-out succeeds', async () => {
    const { browser, ada, root } = await browserOfRoot();
    expect((await browser.mutate('auth.logout', undefined, madeFor(ada))).error?.data.reason).toBe('USER_CHANGED');
    expect((await browser.query('auth.me')).status).toBe(200);
    expect((await browser.mutate('auth.logout', undefined, madeFor(root))).status).toBe(200);
    expect((await browser.mutate('auth.logout', undefined, madeFor(root))).status).toBe(200);
  });

  test('sign-in ignores the header', async () => {
    const { browser, ada } = await browserOfRoot();
    const { status, data } = await browser.mutate('auth.login', { identifier: 'ada', password: PASSWORD }, madeFor(ada));
    expect([status, data.user.id]).toEqual([200, ada]);
  });

  test('without a session the reason is SIGN_IN_REQUIRED, not USER_CHANGED', async () => {
    const { error } = await app.visitor().mutate('account.updateProfile', { name: 'x' }, madeFor('nobody'));
    expect(error?.data.reason).toBe('SIGN_IN_REQUIRED');
  });

  test('every call of a batch is refused', async () => {
    const { browser, ada } = await browserOfRoot();
    const response = await browser.fetch('/trpc/account.updateProfile,sessions.revokeOthers?batch=1', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...madeFor(ada) },
      body: JSON.stringify({ 0: { name: 'Typed for Ada' }, 1: undefined }),
    });
    const answers = (await response.json()) as { error?: { data: { reason: string } } }[];
    expect(answers.map(({ error }) => error?.data.reason)).toEqual(['USER_CHANGED', 'USER_CHANGED']);
  });

  test.each(['', '0', '../root', 'x'.repeat(4000), '%00'])('the header %j is not an error and never matches a user', async (value) => {
    const { browser } = await browserOfRoot();
    const { status } = await browser.mutate('auth.logout', undefined, { ...AJAX, [USER_HEADER]: value });
    expect(status).toBe(value === '' ? 200 : 412);
  });
});

describe('front ends of other origins', () => {
  test('a trusted origin may send both headers', async () => {
    const other = await runApp({ TRUSTED_ORIGINS: 'https://admin.example' });
    const asked = await other.visitor().fetch('/trpc/auth.me', {
      method: 'OPTIONS',
      headers: { origin: 'https://admin.example', 'access-control-request-method': 'GET' },
    });
    const allowed = asked.headers.get('access-control-allow-headers')?.split(',');
    expect(allowed).toEqual(expect.arrayContaining([BACKGROUND_HEADER, USER_HEADER]));
    await other.close();
  });
});

test('semantics 16: a background request over HTTP reads the session without extending it', async () => {
  const browser = app.visitor();
  const { session } = (await browser.signIn()).data;
  const stored = async () => (await app.engine.find(session.handle))?.record;
  const record = await stored();
  if (!record) throw new Error('There is no session.');
  const anHourAgo = record.lastActivityAtMs - 3_600_000;
  await app.engine.touch(record.handle, { ...record, lastActivityAtMs: anHourAgo, renewedAtMs: anHourAgo });
  const response = await browser.fetch('/trpc/auth.me', { headers: { [BACKGROUND_HEADER]: BACKGROUND_HEADER_VALUE } });
  expect(response.status).toBe(200);
  expect(response.headers.getSetCookie()).toEqual([]);
  expect((await stored())?.lastActivityAtMs).toBe(anHourAgo);
  // The same request, but not in the background.
  await browser.query('auth.me');
  expect((await stored())?.lastActivityAtMs).toBeGreaterThan(anHourAgo);
});
