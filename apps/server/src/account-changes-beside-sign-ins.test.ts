import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ENGINES, runAppOn } from '../test-support/each-engine.ts';
import { addUser, PASSWORD, type RunningApp } from '../test-support/running-app.ts';
import type { Visitor } from '../test-support/visitor.ts';

const NEW_PASSWORD = 'eleven blue bicycles';

describe.each(ENGINES)('while another process changes an account: SESSION_ENGINE=%s', (engine) => {
  let app: RunningApp;
  let id: string;
  let token: string;
  let users = 0;
  beforeAll(async () => {
    app = await runAppOn(engine);
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    id = await addUser(app.accounts, { username: `user${(users += 1)}` });
    token = await app.engine.beginUserChange(id);
  });
  afterEach(() => app.engine.endUserChange(id, token));

  async function signedIn(): Promise<Visitor> {
    const browser = app.visitor();
    expect((await browser.signIn(`user${users}`)).status).toBe(200);
    // Reads the session, so that cached_db has a copy.
    expect((await browser.query('auth.me')).status).toBe(200);
    return browser;
  }

  const inDatabase = (data: object): Promise<unknown> => app.database.prisma.user.update({ where: { id }, data });
  const handleOf = async (browser: Visitor): Promise<string> => (await browser.query('auth.me')).data.session.handle;

  test('semantics 38: sign-in works, and the commit of new credentials invalidates all sessions of the old ones without a revocation', async () => {
    const [before, meanwhile] = [await signedIn(), await signedIn()];
    await app.engine.destroyByUser(id, { exceptHandle: await handleOf(meanwhile) });
    const late = await signedIn();
    await inDatabase({ credentialEpoch: { increment: 1 } });
    for (const browser of [before, meanwhile, late]) expect((await browser.query('auth.me')).status).toBe(401);
    await app.engine.userChanged(id);
    await app.engine.endUserChange(id, token);
    for (const browser of [meanwhile, late]) expect((await browser.query('auth.me')).status).toBe(401);
    await signedIn();
  });

  test('a role applies from its commit on, even if the process dies before it can notify others', async () => {
    const browser = await signedIn();
    for (const role of ['admin', 'user']) {
      await inDatabase({ role });
      expect((await browser.query('auth.me')).data.user.role).toBe(role);
    }
  });

  test('after the process of a change has died, sign-ins, sign-outs and other changes of the account work without delay', async () => {
    const [browser, other] = [await signedIn(), await signedIn()];
    await using elsewhere = await app.elsewhere();
    await elsewhere.accounts.updateProfile(id, { name: 'Ada' });
    expect((await browser.query('auth.me')).data.user.name).toBe('Ada');
    expect((await other.mutate('auth.logout')).status).toBe(200);
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    expect((await browser.mutate('account.changePassword', change)).data).toEqual({ ended: 0 });
    expect((await browser.query('auth.me')).status).toBe(200);
    expect((await app.visitor().signIn(`user${users}`, NEW_PASSWORD)).status).toBe(200);
    await elsewhere.accounts.setStatus(id, 'suspended');
    expect((await browser.query('auth.me')).status).toBe(401);
  });

  test('re-authentication works with a session that was kept, and fails with one that was ended', async () => {
    const [kept, ended] = [await signedIn(), await signedIn()];
    await app.engine.destroyByUser(id, { exceptHandle: await handleOf(kept) });
    expect((await kept.mutate('auth.reauthenticate', { password: PASSWORD })).status).toBe(200);
    expect((await ended.mutate('auth.reauthenticate', { password: PASSWORD })).status).toBe(401);
    expect((await app.engine.listByUser(id)).sessions).toHaveLength(1);
  });

  test('only the change that has set a mark removes it', async () => {
    const browser = await signedIn();
    const another = await app.engine.beginUserChange(id);
    await app.engine.endUserChange(id, another);
    await app.engine.endUserChange(id, another);
    await inDatabase({ name: 'Grace' });
    expect((await browser.query('auth.me')).data.user.name).toBe('Grace');
  });
});
