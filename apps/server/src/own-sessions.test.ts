import { hashSecret } from '@gatehouse/session/engine';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, runAppOn } from '../test-support/each-engine.ts';
import { addUser, type RunningApp } from '../test-support/running-app.ts';

describe.each(ENGINES)('%s', (engine) => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runAppOn(engine);
  });
  afterAll(() => app.close());

  async function signedIn(identifier: string) {
    const browser = app.visitor();
    expect((await browser.signIn(identifier)).status).toBe(200);
    return browser;
  }

  const newUser = async (username: string) => void (await addUser(app.accounts, { username }));

  test('security 9: lists only the user’s own sessions, newest first, marks the current one, and shows no secret', async () => {
    await newUser('lists');
    const first = await signedIn('lists');
    const second = await signedIn('lists');
    await signedIn('ada');

    const { data: page } = await second.query('sessions.list');
    const { sessions: data } = page;
    expect(page.next).toBe(null);
    expect(data).toHaveLength(2);
    expect(data.filter(({ current }: { current: boolean }) => current)).toHaveLength(1);
    expect(data.find(({ current }: { current: boolean }) => current).handle).toBe((await second.query('auth.me')).data.session.handle);
    expect(Object.keys(data[0]).sort()).toEqual(['current', 'expires', 'handle', 'ip', 'lastActivity', 'loginTime', 'userAgent']);
    const answer = JSON.stringify(data);
    for (const { cookie } of [first, second]) {
      const [, secret = ''] = decodeURIComponent(cookie!.split('=')[1]!).split('.');
      expect(secret.length).toBeGreaterThan(40);
      for (const text of [secret, hashSecret(secret)]) expect(answer).not.toContain(text);
    }
  });

  test('ending another session takes effect at once, and keeps the rest', async () => {
    await newUser('ends');
    const [here, there, third] = [await signedIn('ends'), await signedIn('ends'), await signedIn('ends')];
    const handle = (await there.query('auth.me')).data.session.handle;
    expect((await here.mutate('sessions.revoke', { handle })).data).toEqual({ revoked: true });
    expect((await there.query('auth.me')).error?.data.reason).toBe('SESSION_ENDED');
    expect((await third.query('auth.me')).status).toBe(200);
    expect((await here.mutate('sessions.revoke', { handle })).error?.data.reason).toBe('NOT_FOUND');
  });

  test('ending the current session is a sign-out, which also clears the cookie', async () => {
    const browser = await signedIn('ada');
    const handle = (await browser.query('auth.me')).data.session.handle;
    expect((await browser.mutate('sessions.revoke', { handle })).status).toBe(200);
    expect(browser.cookie).toBeUndefined();
  });

  test('ending all other sessions returns their number, and keeps this one and those of other users', async () => {
    await newUser('others');
    const [here, there] = [await signedIn('others'), await signedIn('others')];
    const stranger = await signedIn('ada');
    expect((await here.mutate('sessions.revokeOthers')).data).toEqual({ ended: 1 });
    expect((await there.query('auth.me')).error?.data.reason).toBe('SESSION_ENDED');
    expect((await here.query('auth.me')).status).toBe(200);
    expect((await stranger.query('auth.me')).status).toBe(200);
  });

  test('security 12: another user’s session is reported as not found, and stays live', async () => {
    const mine = await signedIn('ada');
    const theirs = await signedIn('root');
    const handle = (await theirs.query('auth.me')).data.session.handle;
    const known = await mine.mutate('sessions.revoke', { handle });
    const unknown = await mine.mutate('sessions.revoke', { handle: `${handle.slice(0, -4)}none` });
    expect(known.error).toEqual(unknown.error);
    expect((await theirs.query('auth.me')).status).toBe(200);
  });

  test.each([[undefined], [null], [''], [{}], [['ses_x']], [{ not: '' }], [42], ['x'.repeat(65)]])(
    'revoke.bad-ids: %j ends nothing and is a 4xx',
    async (handle) => {
      const browser = await signedIn('ada');
      const before = await app.engine.count();
      const { status, error } = await browser.mutate('sessions.revoke', { handle });
      expect(status).toBe(400);
      expect(error?.data.reason).toBe('INVALID_INPUT');
      expect(await app.engine.count()).toEqual(before);
    },
  );
});
