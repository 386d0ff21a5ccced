import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, runAppOn } from '../test-support/each-engine.ts';
import { addUser, type RunningApp } from '../test-support/running-app.ts';

describe.each(ENGINES)('%s', (engine) => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runAppOn(engine, { SIGN_IN_LIMIT_ACCOUNT: '5' });
  });
  afterAll(() => app.close());

  async function signedIn(identifier: string) {
    const browser = app.visitor();
    expect((await browser.signIn(identifier)).status).toBe(200);
    return browser;
  }

  const newUser = (username: string) => addUser(app.accounts, { username });

  describe('security 8: administrators', () => {
    test('list accounts by name, a page at a time, without hashes', async () => {
      const admin = await signedIn('root');
      const { data } = await admin.query('admin.users.list', {});
      expect(data.users.map(({ username }: { username: string }) => username)).toEqual(expect.arrayContaining(['ada', 'root']));
      expect(data.next).toBeNull();
      expect(JSON.stringify(data)).not.toMatch(/argon2|hash/i);
      expect((await admin.query('admin.users.list', { cursor: 'ada' })).data.users[0].username).not.toBe('ada');
    });

    test('end one session', async () => {
      await newUser('one');
      const browser = await signedIn('one');
      const handle = (await browser.query('auth.me')).data.session.handle;
      expect((await (await signedIn('root')).mutate('admin.sessions.revoke', { handle })).status).toBe(200);
      expect((await browser.query('auth.me')).error?.data.reason).toBe('SESSION_ENDED');
    });

    test('see and end one user’s sessions', async () => {
      const userId = await newUser('some');
      const browsers = [await signedIn('some'), await signedIn('some')];
      const admin = await signedIn('root');
      expect((await admin.query('admin.users.sessions', { userId })).data.sessions).toHaveLength(2);
      expect((await admin.mutate('admin.users.revokeSessions', { userId })).data).toEqual({ ended: 2 });
      for (const browser of browsers) expect((await browser.query('auth.me')).status).toBe(401);
      expect((await admin.query('auth.me')).status).toBe(200);
    });

    test('security 5: suspend an account, which ends its sessions permanently', async () => {
      const userId = await newUser('rests');
      const browser = await signedIn('rests');
      const admin = await signedIn('root');
      expect((await admin.mutate('admin.users.setStatus', { userId, status: 'suspended' })).data).toMatchObject({ ended: 1 });
      expect((await browser.query('auth.me')).error?.data.reason).toBe('SESSION_ENDED');
      expect((await app.visitor().signIn('rests')).status).toBe(401);
      await admin.mutate('admin.users.setStatus', { userId, status: 'active' });
      expect((await browser.query('auth.me')).status).toBe(401);
      expect((await app.visitor().signIn('rests')).status).toBe(200);
    });

    test('a changed role applies on the next request, in both directions', async () => {
      const userId = await newUser('rises');
      const browser = await signedIn('rises');
      const admin = await signedIn('root');
      expect((await browser.query('admin.overview')).error?.data.reason).toBe('ROLE_REQUIRED');
      await admin.mutate('admin.users.setRole', { userId, role: 'admin' });
      expect((await browser.query('admin.overview')).status).toBe(200);
      await admin.mutate('admin.users.setRole', { userId, role: 'user' });
      expect((await browser.query('admin.overview')).error?.data.reason).toBe('ROLE_REQUIRED');
    });

    test('security 5: delete an account, which ends its sessions; a new account with the same name inherits nothing', async () => {
      const userId = await newUser('leaves');
      const browser = await signedIn('leaves');
      const admin = await signedIn('root');
      expect((await admin.mutate('admin.users.delete', { userId })).data).toEqual({ ended: 1 });
      expect((await browser.query('auth.me')).error?.data.reason).toBe('SESSION_ENDED');
      expect((await app.visitor().signIn('leaves')).status).toBe(401);
      expect((await admin.mutate('admin.users.delete', { userId })).error?.data.reason).toBe('NOT_FOUND');
      await newUser('leaves');
      expect((await browser.query('auth.me')).status).toBe(401);
      const { events } = (await admin.query('admin.audit', { userId, kind: 'user_deleted' })).data;
      expect(events).toEqual([expect.objectContaining({ actorKind: 'admin', detail: { username: 'leaves', ended: expect.any(Number) } })]);
    });

    test('cannot lock themselves out: they cannot change their own role or status', async () => {
      const admin = await signedIn('root');
      const userId = (await admin.query('auth.me')).data.user.id;
      expect((await admin.mutate('admin.users.setRole', { userId, role: 'user' })).error?.data.reason).toBe('OWN_ACCOUNT');
      expect((await admin.mutate('admin.users.setStatus', { userId, status: 'suspended' })).error?.data.reason).toBe('OWN_ACCOUNT');
      expect((await admin.mutate('admin.users.delete', { userId })).error?.data.reason).toBe('OWN_ACCOUNT');
    });

    test('unlock an account after failed sign-ins, for each of its names and devices; the audit trail names the administrator', async () => {
      const userId = await newUser('forgets');
      const [device, admin] = [await signedIn('forgets'), await signedIn('root')];
      const failing = async (times: number) => {
        const statuses = new Set<number>();
        for (let count = 0; count < times; count += 1) {
          for (const identifier of ['forgets', 'forgets@example.org'])
            statuses.add((await app.visitor().signIn(identifier, 'not this one')).status);
          statuses.add((await device.signIn('forgets', 'not this one')).status);
        }
        return [...statuses];
      };
      expect(await failing(4)).toEqual([401]);
      expect((await admin.mutate('admin.users.unlock', { userId })).status).toBe(200);
      // If one failure still counted, the last of these would be refused without a check.
      expect(await failing(5)).toEqual([401]);
      const actorId = (await admin.query('auth.me')).data.user.id;
      const { events } = await app.accounts.listAudit({ userId, kind: 'unlocked', limit: 9 });
      expect(events).toMatchObject([{ actorKind: 'admin', actorId, handle: null }]);
    });

    test('an unknown account is NOT_FOUND', async () => {
      const admin = await signedIn('root');
      expect((await admin.mutate('admin.users.unlock', { userId: 'nobody' })).error?.data.reason).toBe('NOT_FOUND');
      expect((await admin.mutate('admin.users.setRole', { userId: 'nobody', role: 'user' })).error?.data.reason).toBe('NOT_FOUND');
      expect((await admin.mutate('admin.sessions.revoke', { handle: 'ses_none' })).error?.data.reason).toBe('NOT_FOUND');
    });

    test('end the sessions of all users, including their own', async () => {
      const [browser, admin] = [await signedIn('ada'), await signedIn('root')];
      expect((await admin.mutate('admin.sessions.revokeAll')).data.ended).toBeGreaterThanOrEqual(2);
      for (const one of [browser, admin]) expect((await one.query('auth.me')).status).toBe(401);
    });
  });

  test.each(['admin.users.list', 'admin.users.sessions', 'admin.overview'])('authz.admin: %s is ROLE_REQUIRED for a user', async (path) => {
    const { error } = await (await signedIn('ada')).query(path, { userId: 'x' });
    expect(error?.data).toMatchObject({ code: 'FORBIDDEN', reason: 'ROLE_REQUIRED' });
  });

  test.each([
    ['admin.users.setRole', { userId: 'x', role: 'admin' }],
    ['admin.users.setStatus', { userId: 'x', status: 'suspended' }],
    ['admin.users.unlock', { userId: 'x' }],
    ['admin.users.revokeSessions', { userId: 'x' }],
    ['admin.users.delete', { userId: 'x' }],
    ['admin.sessions.revoke', { handle: 'x' }],
    ['admin.sessions.revokeAll', undefined],
  ])('authz.admin: %s is ROLE_REQUIRED for a user', async (path, input) => {
    const { error } = await (await signedIn('ada')).mutate(path, input);
    expect(error?.data).toMatchObject({ code: 'FORBIDDEN', reason: 'ROLE_REQUIRED' });
  });
});
