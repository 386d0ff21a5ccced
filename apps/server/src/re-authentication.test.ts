import { gatehouseRouter, type ProcedureMeta } from '@gatehouse/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, runAppOn } from '../test-support/each-engine.ts';
import { addUser, PASSWORD, type RunningApp } from '../test-support/running-app.ts';
import { letPasswordGrowStale } from '../test-support/stale-password.ts';

describe.each(ENGINES)('%s', (engine) => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runAppOn(engine);
  });
  afterAll(() => app.close());

  async function signedIn(identifier = 'ada') {
    const browser = app.visitor();
    expect((await browser.signIn(identifier)).status).toBe(200);
    return browser;
  }

  const mutations = Object.entries(
    gatehouseRouter._def.procedures as unknown as Record<string, { _def: { type: string; meta?: ProcedureMeta } }>,
  )
    .filter(([, { _def }]) => _def.type === 'mutation')
    .map(([path, { _def }]) => ({ path, isSensitive: _def.meta?.sensitive !== false }));
  const sensitive = mutations.filter(({ isSensitive }) => isSensitive).map(({ path }) => path);

  /** An input that is valid for all of them. */
  const INPUT = { handle: 'ses_none', userId: 'nobody', role: 'user', status: 'active' };

  describe.each(sensitive)('%s', (path) => {
    test('security 9, 10: requires the password again only if the session is not fresh', async () => {
      const browser = await signedIn('root');
      await letPasswordGrowStale(app, browser);
      const refused = await browser.mutate(path, INPUT);
      expect(refused.error?.data, 'Make it a freshProcedure. If it is not sensitive, say so: .meta({ sensitive: false }).').toMatchObject({
        code: 'FORBIDDEN',
        httpStatus: 403,
        reason: 'REAUTHENTICATION_REQUIRED',
      });

      expect((await browser.mutate('auth.reauthenticate', { password: PASSWORD })).status).toBe(200);
      expect((await browser.mutate(path, INPUT)).error?.data.reason).not.toBe('REAUTHENTICATION_REQUIRED');
    });
  });

  test('the role is checked before a password is requested', async () => {
    const browser = await signedIn();
    await letPasswordGrowStale(app, browser);
    expect((await browser.mutate('admin.sessions.revokeAll')).error?.data.reason).toBe('ROLE_REQUIRED');
  });

  test('security 2: re-authenticating gives a new cookie, keeps the session and its data, and the old cookie is refused at once', async () => {
    const browser = await signedIn();
    const before = browser.cookie;
    const { loginTime, handle } = (await browser.query('auth.me')).data.session;
    await letPasswordGrowStale(app, browser);

    const answer = await browser.mutate('auth.reauthenticate', { password: PASSWORD });
    expect(answer.data.session).toMatchObject({ loginTime, handle });
    expect(Date.parse(answer.data.session.freshUntil)).toBeGreaterThan(Date.parse(answer.data.serverNow));
    expect(browser.cookie).not.toBe(before);

    const old = app.visitor();
    old.cookie = before;
    expect((await old.query('auth.me')).error?.data.reason).toBe('SESSION_ENDED');
    expect((await browser.query('auth.me')).status).toBe(200);
  });

  test('a wrong password changes nothing: the session stays, and stays stale', async () => {
    const browser = await signedIn();
    await letPasswordGrowStale(app, browser);
    const cookie = browser.cookie;
    const refused = await browser.mutate('auth.reauthenticate', { password: 'not this one at all' });
    expect(refused.error?.data).toMatchObject({ code: 'FORBIDDEN', reason: 'WRONG_PASSWORD' });
    expect(browser.cookie).toBe(cookie);
    expect((await browser.mutate('sessions.revokeOthers')).error?.data.reason).toBe('REAUTHENTICATION_REQUIRED');
  });

  test('a session whose password was never checked here is not fresh', async () => {
    const browser = await signedIn();
    const found = await app.engine.find((await browser.query('auth.me')).data.session.handle);
    const { authenticatedAt: _, ...data } = found!.record.data;
    await app.engine.update(found!.record.handle, { expectedVersion: found!.record.version, data, timestamps: found!.record });
    expect((await browser.query('auth.me')).data.session.freshUntil).toBeNull();
    expect((await browser.mutate('sessions.revokeOthers')).error?.data.reason).toBe('REAUTHENTICATION_REQUIRED');
  });

  describe('account.changePassword', () => {
    const NEXT = 'staple battery correct';

    test('security 6: ends the other sessions, says how many, and gives this one a new cookie', async () => {
      await addUser(app.accounts, { username: 'changes' });
      const [here, there, elsewhere] = [await signedIn('changes'), await signedIn('changes'), await signedIn('changes')];
      const before = here.cookie;

      const answer = await here.mutate('account.changePassword', { currentPassword: PASSWORD, newPassword: NEXT });
      expect(answer.data).toEqual({ ended: 2 });
      expect(here.cookie).not.toBe(before);
      expect((await here.query('auth.me')).status).toBe(200);
      for (const other of [there, elsewhere]) expect((await other.query('auth.me')).error?.data.reason).toBe('SESSION_ENDED');

      expect((await app.visitor().signIn('changes', PASSWORD)).status).toBe(401);
      expect((await app.visitor().signIn('changes', NEXT)).status).toBe(200);
    });

    test('always requires the current password, and errors name the field', async () => {
      const browser = await signedIn();
      const refused = await browser.mutate('account.changePassword', { currentPassword: 'something else', newPassword: NEXT });
      expect(refused.error?.data).toMatchObject({ reason: 'WRONG_PASSWORD', fields: { currentPassword: ['Incorrect password.'] } });
      expect((await app.visitor().signIn('ada', PASSWORD)).status).toBe(200);
    });

    test('security 14: a common password, or one that contains the user’s name, is refused with a reason, and no session ends', async () => {
      const browser = await signedIn();
      const other = await signedIn();
      for (const newPassword of ['password123', 'ada@example.org', 'short']) {
        const refused = await browser.mutate('account.changePassword', { currentPassword: PASSWORD, newPassword });
        expect(refused.error?.data).toMatchObject({ reason: 'INVALID_INPUT', fields: { newPassword: [expect.any(String)] } });
      }
      expect((await other.query('auth.me')).status).toBe(200);
    });

    test.each([
      ['as it is', 'correct horse bättery', 'correct horse bättery'],
      ['written with other code points for the same letters', 'correct horse bättery', 'correct horse ba\u0308ttery'],
    ])('the current password %s is refused as the new one: the field says so, and no session ends', async (name, password, same) => {
      const username = `same-${name.length}`;
      const id = await addUser(app.accounts, { username });
      await app.accounts.changePassword(id, password);
      const [here, there] = [app.visitor(), app.visitor()];
      await here.signIn(username, password);
      await there.signIn(username, password);
      const { error } = await here.mutate('account.changePassword', { currentPassword: password, newPassword: same });
      expect(error?.data).toMatchObject({
        reason: 'INVALID_INPUT',
        fields: { newPassword: ['The new password must be different from the current one.'] },
      });
      expect((await there.query('auth.me')).status).toBe(200);
    });

    test('of two concurrent changes with the same current password one succeeds', async () => {
      await addUser(app.accounts, { username: 'twice' });
      const browsers = [await signedIn('twice'), await signedIn('twice')];
      const answers = await Promise.all(
        browsers.map((browser, n) => browser.mutate('account.changePassword', { currentPassword: PASSWORD, newPassword: `${NEXT} ${n}` })),
      );
      const signIns = await Promise.all([0, 1].map((n) => app.visitor().signIn('twice', `${NEXT} ${n}`)));
      expect(signIns.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
      // Each change ends the other session. Outside the database, the winner may be told to sign in again, but the loser never gets a success.
      const loser = signIns.findIndex(({ status }) => status === 401);
      expect(answers[loser]?.status).not.toBe(200);
      expect([200, 401]).toContain(answers[1 - loser]?.status);
    });
  });
});
