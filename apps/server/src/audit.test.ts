import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEvent } from '@gatehouse/contract';
import { auditPageSchema, namedAuditPageSchema } from '@gatehouse/contract';
import { ENGINES, runAppOn } from '../test-support/each-engine.ts';
import { addUser, PASSWORD, type RunningApp } from '../test-support/running-app.ts';

describe.each(ENGINES)('%s', (engine) => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runAppOn(engine);
  });
  afterAll(() => app.close());

  async function signedIn(identifier: string) {
    const browser = app.visitor();
    expect((await browser.signIn(identifier)).status).toBe(200);
    const me = (await browser.query('auth.me')).data;
    return { browser, id: me.user.id as string, handle: me.session.handle as string };
  }

  const eventsOf = async (userId: string): Promise<AuditEvent[]> => (await app.accounts.listAudit({ userId, limit: 100 })).events;
  const eventOf = async (userId: string, kind: string) => (await eventsOf(userId)).find((event) => event.kind === kind);

  test('ASVS 16.3: sign-in, failure, sign-out, and a sign-in over the session of the same user and of another', async () => {
    const id = await addUser(app.accounts, { username: 'walks' });
    const { browser, handle } = await signedIn('walks');
    await browser.signIn('walks', 'not this one');
    await browser.signIn('walks');
    expect((await browser.query('auth.me')).data.session.handle).toBe(handle);
    await browser.signIn('root');
    await browser.signIn('walks');
    const second = (await browser.query('auth.me')).data.session.handle as string;
    await browser.mutate('auth.logout');
    await expect.poll(() => eventOf(id, 'sign_in_failed')).toMatchObject({ actorKind: 'visitor', actorId: null, handle: null });
    const self = { userId: id, actorKind: 'self', actorId: id };
    const events = await eventsOf(id);
    const byPassword = { method: 'password' };
    for (const [kind, ofHandle, reason, detail] of [
      ['signed_in', handle, null, byPassword],
      ['signed_in', second, null, byPassword],
      ['signed_out', handle, 'replaced_by_new_sign_in', null],
      ['signed_out', second, 'signed_out', null],
    ])
      expect(events).toContainEqual(expect.objectContaining({ ...self, kind, handle: ofHandle, reason, detail }));
    expect(events.filter(({ handle: one }) => one === handle).map(({ kind }) => kind)).toEqual(['signed_out', 'signed_in', 'signed_in']);
    expect(events).toHaveLength(7);
  });

  test('ASVS 16.3: who ended whose session, and what an administrator changed', async () => {
    const id = await addUser(app.accounts, { username: 'governed' });
    const [own, admin] = [await signedIn('governed'), await signedIn('root')];
    const other = await signedIn('governed');
    await own.browser.mutate('sessions.revoke', { handle: other.handle });
    const third = await signedIn('governed');
    await admin.browser.mutate('admin.sessions.revoke', { handle: third.handle });
    await admin.browser.mutate('admin.users.setRole', { userId: id, role: 'admin' });
    await admin.browser.mutate('admin.users.revokeSessions', { userId: id });
    await admin.browser.mutate('admin.users.setStatus', { userId: id, status: 'suspended' });
    const events = await eventsOf(id);
    const byAdmin = { actorKind: 'admin', actorId: admin.id };
    for (const event of [
      { kind: 'session_revoked', handle: other.handle, actorKind: 'self', actorId: id, reason: 'revoked_by_owner' },
      { kind: 'session_revoked', handle: third.handle, ...byAdmin, reason: 'revoked_by_admin' },
      { kind: 'role_changed', detail: { from: 'user', to: 'admin' }, ...byAdmin },
      { kind: 'sessions_revoked', detail: { ended: 1 }, ...byAdmin, reason: 'revoked_by_admin' },
      { kind: 'suspended', ...byAdmin },
    ])
      expect(events).toContainEqual(expect.objectContaining(event));
  });

  test('ASVS 16.3: re-authentication, right and wrong, and a password change', async () => {
    const id = await addUser(app.accounts, { username: 'changes' });
    const { browser } = await signedIn('changes');
    await browser.mutate('auth.reauthenticate', { password: 'not this one' });
    await browser.mutate('account.changePassword', { currentPassword: PASSWORD, newPassword: 'nine yellow umbrellas' });
    const kinds = (await eventsOf(id)).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['password_changed', 'password_confirmed', 'password_rejected', 'signed_in', 'user_created']);
  });

  test('ASVS 16.3: the purge records an expiry once; requests do not', async () => {
    const id = await addUser(app.accounts, { username: 'tires' });
    const { browser, handle } = await signedIn('tires');
    const found = await app.engine.find(handle);
    const expiresAtMs = Date.now() + 50;
    if (found) await app.engine.touch(found.record.handle, { ...found.record, fixedExpiryMs: expiresAtMs, expiresAtMs });
    await expect.poll(async () => (await browser.query('auth.me')).status).toBe(401);
    await browser.query('auth.me');
    expect(await eventOf(id, 'session_expired')).toBeUndefined();
    for (let removed = -1; removed !== 0;) removed = await app.engine.purgeExpired(10);
    const expired = (await eventsOf(id)).filter(({ kind }) => kind === 'session_expired');
    expect(expired).toMatchObject([{ handle, userId: id, actorKind: 'system', reason: 'expired' }]);
    expect(Math.abs((expired[0]?.at.getTime() ?? 0) - expiresAtMs)).toBeLessThan(10_000);
  });

  test('ASVS 16.3: only administrators read the trail, with filters and in pages', async () => {
    const { browser, id } = await signedIn('root');
    const first = auditPageSchema.parse((await browser.query('admin.audit', { userId: id, kind: 'signed_in' })).data);
    expect(first.events.length).toBeGreaterThan(0);
    expect(first.events.every(({ kind, userId, at }) => kind === 'signed_in' && userId === id && at instanceof Date)).toBe(true);
    const [{ at, id: eventId } = { at: new Date(), id: '' }] = first.events;
    const rest = auditPageSchema.parse(
      (await browser.query('admin.audit', { userId: id, kind: 'signed_in', cursor: { at, id: eventId } })).data,
    );
    expect(rest.events).toEqual(first.events.slice(1));
    expect((await (await signedIn('ada')).browser.query('admin.audit', {})).error?.data.reason).toBe('ROLE_REQUIRED');
  });

  test('entries come with the names of their accounts, except of deleted ones', async () => {
    const [{ browser, id: rootId }, userId] = [await signedIn('root'), await addUser(app.accounts, { username: 'leaves', name: 'L.' })];
    await browser.mutate('admin.users.setRole', { userId, role: 'admin' });
    const named = async (kind?: string) => namedAuditPageSchema.parse((await browser.query('admin.audit', { userId, kind })).data).accounts;
    const [root, leaves] = [
      { id: rootId, username: 'root', name: 'Grace Hopper' },
      { id: userId, username: 'leaves', name: 'L.' },
    ];
    expect(new Set(await named())).toEqual(new Set([root, leaves]));
    expect(await named('suspended')).toEqual([leaves]);
    await app.accounts.deleteUser(userId);
    expect(await named()).toEqual([root]);
  });

  test('security 17: an unknown name is recorded like a wrong password, without an account and without what was typed', async () => {
    const failed = async () => (await app.accounts.listAudit({ kind: 'sign_in_failed', limit: 1000 })).events;
    const before = (await failed()).length;
    for (let attempt = 0; attempt < 3; attempt += 1) await app.visitor().signIn('my-secret-typed-as-name', 'x');
    // Written after the response.
    await expect.poll(async () => (await failed()).length).toBe(before + 3);
    const [row] = await failed();
    expect(row).toMatchObject({ userId: null, actorKind: 'visitor' });
    expect(JSON.stringify(await app.database.prisma.activity.findMany())).not.toContain('my-secret');
  });
});
