import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, runAppOn } from '../test-support/each-engine.ts';
import { addUser, PASSWORD, type RunningApp } from '../test-support/running-app.ts';
import type { Visitor } from '../test-support/visitor.ts';

interface Row {
  handle: string;
  username: string;
  userId: string;
}

describe.each(ENGINES)('%s', (engine) => {
  let app: RunningApp;
  let admin: Visitor;
  let adminId: string;
  beforeAll(async () => {
    app = await runAppOn(engine, { SIGN_IN_LIMIT_ACCOUNT: '5' });
    admin = app.visitor();
    adminId = (await admin.signIn('root')).data.user.id;
  });
  afterAll(() => app.close());

  async function signedIn(identifier: string, password = PASSWORD): Promise<Visitor> {
    const browser = app.visitor();
    expect((await browser.signIn(identifier, password)).status).toBe(200);
    return browser;
  }
  const handleOf = async (browser: Visitor): Promise<string> => (await browser.query('auth.me')).data.session.handle;
  const handlesIn = (sessions: Row[]): string[] => sessions.map(({ handle }) => handle).toSorted();

  test('a user searches, sorts, looks at and ends their own sessions', async () => {
    await addUser(app.accounts, { username: 'owner' });
    const browsers = [await signedIn('owner'), await signedIn('owner'), await signedIn('owner')];
    const [own, second, third] = browsers as [Visitor, Visitor, Visitor];
    const handles = await Promise.all(browsers.map(handleOf));

    const { data } = await own.query('sessions.search', { sort: 'loginTime', descending: false, pageSize: 2 });
    expect(data).toMatchObject({ total: 3, all: 3, isComplete: true });
    expect(data.sessions).toHaveLength(2);
    expect(data.sessions[0]).toMatchObject({ handle: handles[0], current: true, method: 'password' });
    const rest = await own.query('sessions.search', { sort: 'loginTime', descending: false, pageSize: 2, page: 2 });
    expect(handlesIn([...data.sessions, ...rest.data.sessions])).toEqual(handles.toSorted());
    expect((await own.query('sessions.search', { text: '127.0.0 NODE' })).data).toMatchObject({ total: 3 });
    expect((await own.query('sessions.search', { text: 'netscape' })).data).toMatchObject({ total: 0, all: 3, sessions: [] });

    const details = (await own.query('sessions.get', { handle: handles[1] })).data;
    expect(details.data.map(({ key }: { key: string }) => key)).toContain('loginTime');
    expect(JSON.stringify(details.data)).not.toContain('value');
    expect(details.events).toMatchObject([{ kind: 'signed_in', ip: '127.0.0.1' }]);
    const theirs = await handleOf(admin);
    expect((await own.query('sessions.get', { handle: theirs })).error?.data.reason).toBe('NOT_FOUND');

    // Another user's session in the list is neither ended nor counted.
    expect((await own.mutate('sessions.revokeMany', { handles: [handles[1], handles[1], theirs, 'ses_none'] })).data).toEqual({ ended: 1 });
    expect((await second.query('auth.me')).error?.data.reason).toBe('SESSION_ENDED');
    for (const browser of [third, admin]) expect((await browser.query('auth.me')).status).toBe(200);
    expect((await own.mutate('sessions.revokeMany', { handles: [] })).error?.data.reason).toBe('INVALID_INPUT');
    expect((await own.mutate('sessions.revokeMany', { handles: [handles[0], handles[2]] })).data).toEqual({ ended: 2 });
    expect((await third.query('auth.me')).status).toBe(401);
  });

  test('administrators find accounts with sessions, last sign-in and lock, and unlock one', async () => {
    const userId = await addUser(app.accounts, { username: 'locked', name: 'Lara Lock' });
    await addUser(app.accounts, { username: 'locksmith' });
    await signedIn('locked');
    for (let count = 0; count < 5; count += 1) await app.visitor().signIn('locked', 'a wrong password');
    const search = async (input: object) => (await admin.query('admin.users.search', input)).data;
    const found = await search({ text: 'lock' });
    expect(found).toMatchObject({ next: null, isComplete: true });
    expect(found.users).toMatchObject([
      { id: userId, sessions: 1, isLocked: true, lastSignIn: expect.any(String) },
      { username: 'locksmith', sessions: 0, isLocked: false, lastSignIn: null },
    ]);
    expect((await search({ text: 'lock', signedIn: true })).users).toMatchObject([{ id: userId }]);
    await admin.mutate('admin.users.unlock', { userId });
    expect((await admin.query('admin.users.get', { userId })).data).toMatchObject({ isLocked: false, sessions: 1 });
    expect((await admin.query('admin.users.search', { cursor: 'x' })).error?.data.fields).toHaveProperty('cursor');
    const user = await signedIn('locked');
    for (const procedure of ['admin.users.search', 'admin.sessions.list', 'admin.stats'])
      expect((await user.query(procedure)).error?.data.reason).toBe('ROLE_REQUIRED');
  });

  test('administrators create, change and reset accounts', async () => {
    const created = await admin.mutate('admin.users.create', { username: 'fresh', email: 'fresh@example.org', name: 'Fresh One' });
    const { user, temporaryPassword } = created.data;
    const browser = await signedIn('fresh', temporaryPassword);
    expect((await admin.mutate('admin.users.create', { username: 'fresh', email: 'bad', name: '' })).error?.data).toMatchObject({
      reason: 'INVALID_INPUT',
      fields: { email: [expect.any(String)], name: [expect.any(String)] },
    });
    const updated = await admin.mutate('admin.users.update', {
      userId: user.id,
      name: 'Older One',
      email: 'older@example.org',
      role: 'admin',
    });
    expect(updated.data).toMatchObject({ name: 'Older One', email: 'older@example.org', role: 'admin' });
    // The session shows it on its next request.
    expect((await browser.query('auth.me')).data.user).toMatchObject({ name: 'Older One', role: 'admin' });
    expect((await admin.mutate('admin.users.update', { userId: user.id, email: 'root@example.org' })).error?.data.fields).toHaveProperty(
      'email',
    );
    expect((await admin.mutate('admin.users.update', { userId: adminId, role: 'user' })).error?.data.reason).toBe('OWN_ACCOUNT');

    const reset = await admin.mutate('admin.users.setTemporaryPassword', { userId: user.id });
    expect(reset.data).toMatchObject({ ended: 1 });
    expect((await browser.query('auth.me')).status).toBe(401);
    expect((await app.visitor().signIn('fresh', temporaryPassword)).status).toBe(401);
    await signedIn('fresh', reset.data.temporaryPassword);
    expect((await admin.mutate('admin.users.setTemporaryPassword', { userId: adminId })).error?.data.reason).toBe('OWN_ACCOUNT');
    expect((await admin.mutate('admin.users.setTemporaryPassword', { userId: 'nobody' })).error?.data.reason).toBe('NOT_FOUND');
    const { events } = (await admin.query('admin.audit', { actorId: adminId, userId: user.id })).data;
    expect(events.map(({ kind }: { kind: string }) => kind).toSorted()).toEqual([
      'email_changed',
      'password_changed',
      'profile_changed',
      'role_changed',
      'user_created',
    ]);
    expect(JSON.stringify(events)).not.toContain(temporaryPassword);
  });

  test('many accounts are suspended, or their sessions ended, in one call that reports each', async () => {
    const ids = [await addUser(app.accounts, { username: 'bulk1' }), await addUser(app.accounts, { username: 'bulk2' })];
    const browsers = [await signedIn('bulk1'), await signedIn('bulk2'), await signedIn('bulk2')];
    expect((await admin.mutate('admin.users.suspendMany', { userIds: [...ids, adminId] })).error?.data.reason).toBe('OWN_ACCOUNT');
    expect((await admin.mutate('admin.users.endSessionsMany', { userIds: ids })).data).toEqual({ done: ids, failed: [], ended: 3 });
    for (const browser of browsers) expect((await browser.query('auth.me')).status).toBe(401);
    await signedIn('bulk1');
    expect((await admin.mutate('admin.users.suspendMany', { userIds: [ids[0], 'nobody', ids[1]] })).data).toEqual({
      done: ids,
      failed: [{ userId: 'nobody', reason: 'NOT_FOUND' }],
      ended: 1,
    });
    expect((await app.visitor().signIn('bulk1')).status).toBe(401);
  });

  test('administrators list, filter, look at and end sessions of all users', async () => {
    const userId = await addUser(app.accounts, { username: 'watched', name: 'Wanda Watched' });
    const browsers = [await signedIn('watched'), await signedIn('watched'), await signedIn('watched')];
    const handles = (await Promise.all(browsers.map(handleOf))).toSorted();
    const list = async (input: object) => (await admin.query('admin.sessions.list', input)).data;

    const all = await list({ limit: 100 });
    expect(all).toMatchObject({ next: null, order: 'activity', total: all.sessions.length });
    expect(handlesIn(all.sessions)).toEqual(expect.arrayContaining([...handles, await handleOf(admin)]));
    expect(handlesIn((await list({ text: 'wanda 127.0' })).sessions)).toEqual(handles);
    const first = await list({ userId, limit: 2 });
    const rest = await list({ userId, limit: 2, cursor: first.next });
    expect(rest.next).toBe(null);
    expect(handlesIn([...first.sessions, ...rest.sessions])).toEqual(handles);
    expect((await list({ userId, ip: '10.' })).sessions).toEqual([]);
    expect((await list({ userId, userAgent: 'node' })).total).toBe(3);
    const now = new Date();
    expect((await list({ userId, signedInSince: now })).total).toBe(0);
    expect((await list({ userId, signedInBefore: now })).total).toBe(3);
    expect((await admin.query('admin.sessions.list', { cursor: 'x' })).error?.data.fields).toHaveProperty('cursor');

    // As an app may store it.
    const [handle = ''] = handles;
    const { record } = (await app.engine.find(handle)) ?? {};
    if (!record) throw new Error('The session is not live.');
    const data = { ...record.data, theme: 'dark', apiKey: 'k-123', cart: { items: [1], accessToken: 't-456' } };
    expect(await app.engine.update(handle, { expectedVersion: record.version, timestamps: record, data })).toEqual({ status: 'updated' });
    const details = (await admin.query('admin.sessions.get', { handle })).data;
    expect(details).toMatchObject({ handle, method: 'password', user: { id: userId, username: 'watched' } });
    expect(details.data).toEqual(
      expect.arrayContaining([
        { key: 'theme', bytes: 6, value: 'dark', isHidden: false },
        { key: 'apiKey', bytes: 7, value: null, isHidden: true },
        { key: 'cart', bytes: expect.any(Number), value: null, isHidden: true },
      ]),
    );
    expect(JSON.stringify(details)).not.toContain(record.secretHash);

    expect((await admin.mutate('admin.sessions.revokeMany', { handles: [...handles, 'ses_none'] })).data).toEqual({ ended: 3 });
    for (const browser of browsers) expect((await browser.query('auth.me')).status).toBe(401);
    expect((await admin.query('admin.sessions.get', { handle })).error?.data.reason).toBe('NOT_FOUND');
    const { events } = (await admin.query('admin.audit', { handle, kinds: ['session_revoked', 'signed_in'] })).data;
    expect(events).toMatchObject([{ kind: 'session_revoked', actorId: adminId }, { kind: 'signed_in' }]);
  });

  test('the overview has figures of sessions, sign-ins, browsers, the engine and important events', async () => {
    await addUser(app.accounts, { username: 'blocked' });
    for (let count = 0; count < 7; count += 1) await app.visitor().signIn('blocked', 'a wrong password');
    const { data } = await admin.query('admin.stats');
    const live = await app.engine.count();
    expect(data.active).toEqual({ ...live, isAtLeast: false });
    expect(data.users).toBe(await app.accounts.countUsers());
    expect(data.signIns.hours).toHaveLength(24);
    expect(data.signIns.days).toHaveLength(30);
    const total = (name: string): number =>
      data.signIns.days.reduce((sum: number, day: Record<string, number>) => sum + (day[name] ?? 0), 0);
    expect(total('signedIn')).toBeGreaterThan(1);
    expect(total('failed')).toBeGreaterThanOrEqual(5);
    expect(total('blocked')).toBeGreaterThanOrEqual(2);
    expect(total('locked')).toBeGreaterThanOrEqual(1);
    expect(data.browsers).toEqual({ counts: [{ userAgent: 'node', sessions: live.sessions }], sampled: live.sessions });
    expect(data.expiringSoon).toEqual({ sessions: 0, isAtLeast: false });
    expect(data.engine).toMatchObject({ name: engine, reads: { p95Ms: expect.any(Number) }, writes: { p50Ms: expect.any(Number) } });
    expect(data.important.events[0]).toMatchObject({ kind: 'locked' });
    expect(data.important.accounts).toEqual(expect.arrayContaining([expect.objectContaining({ username: 'blocked' })]));
  });
});
