import { describe, expect, test } from 'vitest';
import { ALICE, temporaryAccounts } from '../test-support/temporary-accounts.ts';
import type { Accounts, Actor } from './index.ts';
import { UnknownUserError } from './account-errors.ts';

const admin = (id: string): Actor => ({ kind: 'admin', id, ip: '192.0.2.1', userAgent: 'Firefox' });

const kindsOf = async (accounts: Accounts): Promise<string[]> =>
  (await accounts.listAudit({ limit: 100 })).events.map(({ kind }) => kind).toSorted();

test('ASVS 16.3: every change of an account is recorded with its actor', async () => {
  const { accounts, sessions, user } = await temporaryAccounts();
  const root = await user({ username: 'root', email: 'root@example.com', role: 'admin' });
  const by = admin(root.id);
  const created = await accounts.createUser(ALICE, { by });
  const { id } = created.ok ? created.user : { id: '' };
  await accounts.setRole(id, 'admin', { by });
  await accounts.updateProfile(id, { name: 'Alice L.' }, { by });
  await sessions(id, 2);
  await accounts.changePassword(id, 'nine yellow umbrellas', { by });
  await accounts.setStatus(id, 'suspended', { by });
  await accounts.setStatus(id, 'active', { by });
  const { events } = await accounts.listAudit({ userId: id, limit: 100 });
  const who = { userId: id, actorKind: 'admin', actorId: root.id, ip: '192.0.2.1', userAgent: 'Firefox', at: expect.any(Date) as Date };
  expect(events).toHaveLength(6);
  for (const [kind, detail] of [
    ['user_created', { role: 'user' }],
    ['role_changed', { from: 'user', to: 'admin' }],
    ['profile_changed', { fields: ['name'] }],
    ['password_changed', { ended: 2 }],
    ['suspended', {}],
    ['reactivated', null],
  ])
    expect(events).toContainEqual(expect.objectContaining({ kind, detail, ...who }));
  expect(JSON.stringify(events)).not.toMatch(/umbrella|argon2/);
  // The user sees what happened, but not where the administrator was.
  const own = await accounts.recentActivity(id, { limit: 100 });
  expect(own.map(({ ip, userAgent }) => [ip, userAgent])).toEqual(own.map(() => [null, null]));
});

test('setting the value that is already there writes no entry', async () => {
  const { accounts, user } = await temporaryAccounts();
  const { id, name } = await user();
  await accounts.setRole(id, 'user');
  await accounts.setStatus(id, 'active');
  await accounts.updateProfile(id, { name });
  expect(await kindsOf(accounts)).toEqual(['user_created']);
});

describe('a change and its audit entry are stored together', () => {
  test('if the entry cannot be written, the account is not changed', async () => {
    const { accounts, database, user, sessions } = await temporaryAccounts();
    const { id } = await user();
    await sessions(id, 1);
    const before = await database.prisma.user.findUniqueOrThrow({ where: { id } });
    await database.prisma.$executeRaw`ALTER TABLE gatehouse_activity RENAME TO gatehouse_activity_away`;
    try {
      await expect(accounts.setRole(id, 'admin')).rejects.toThrow();
      await expect(accounts.setStatus(id, 'suspended')).rejects.toThrow();
      await expect(accounts.updateProfile(id, { name: 'Other' })).rejects.toThrow();
      await expect(accounts.changePassword(id, 'nine yellow umbrellas')).rejects.toThrow();
      await expect(accounts.deleteUser(id)).rejects.toThrow();
      await expect(accounts.createUser({ ...ALICE, username: 'bob', email: 'bob@example.com' })).rejects.toThrow();
    } finally {
      await database.prisma.$executeRaw`ALTER TABLE gatehouse_activity_away RENAME TO gatehouse_activity`;
    }
    expect(await database.prisma.user.findMany()).toEqual([before]);
    expect(await database.prisma.session.count()).toBe(1);
    expect(await kindsOf(accounts)).toEqual(['user_created']);
  });

  test('a failed change writes no entry', async () => {
    const { accounts, user } = await temporaryAccounts();
    const { id } = await user();
    await expect(accounts.setRole('nobody', 'admin')).rejects.toBeInstanceOf(UnknownUserError);
    await expect(accounts.deleteUser('nobody')).rejects.toBeInstanceOf(UnknownUserError);
    await expect(accounts.changePassword(id, 'nine yellow umbrellas', { ifCredentialEpoch: 7 })).rejects.toThrow();
    const bob = { ...ALICE, username: 'bob', email: 'bob@example.com' };
    const created = await Promise.all([accounts.createUser(bob), accounts.createUser(bob), accounts.createUser(bob)]);
    expect(created.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await kindsOf(accounts)).toEqual(['user_created', 'user_created']);
  });

  test('the entries of concurrent role changes are consistent', async () => {
    const { accounts, user } = await temporaryAccounts();
    const { id } = await user();
    await Promise.all([accounts.setRole(id, 'admin'), accounts.setRole(id, 'admin')]);
    expect((await accounts.listAudit({ kind: 'role_changed', limit: 5 })).events.map(({ detail }) => detail)).toEqual([
      { from: 'user', to: 'admin' },
    ]);
  });
});

describe('the audit trail', () => {
  async function filled(count: number) {
    const fixture = await temporaryAccounts();
    // Two entries at each time, so that a page can end between entries of the same time.
    for (let index = 0; index < count; index += 1)
      await fixture.accounts.recordActivity({
        kind: 'signed_in',
        detail: { method: 'password' },
        userId: `u${index % 3}`,
        at: new Date(2030, 0, 1 + Math.floor(index / 2)),
        by: admin('root'),
      });
    return fixture;
  }

  test('is listed newest first in pages, with each entry once', async () => {
    const { accounts } = await filled(9);
    const seen = [];
    for (let before: { at: Date; id: string } | undefined; ;) {
      const page = await accounts.listAudit({ limit: 2, before });
      seen.push(...page.events);
      if (!page.next) break;
      before = page.next;
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(9);
    expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).toSorted((one, other) => other.getTime() - one.getTime()));
  });

  test('is filtered by account, kind and time', async () => {
    const { accounts } = await filled(9);
    expect((await accounts.listAudit({ userId: 'u0', limit: 9 })).events).toHaveLength(3);
    expect((await accounts.listAudit({ kind: 'role_changed', limit: 9 })).events).toEqual([]);
    expect((await accounts.listAudit({ since: new Date(2030, 0, 4), limit: 9 })).events).toHaveLength(3);
    await expect(accounts.listAudit({ userId: '', limit: 9 })).rejects.toBeInstanceOf(TypeError);
  });

  test('is purged by age, in batches', async () => {
    const { accounts } = await filled(9);
    const removed = [];
    for (let count = -1; count !== 0; removed.push(count)) count = await accounts.purgeActivity({ before: new Date(2030, 0, 4), batch: 4 });
    expect(removed).toEqual([4, 2, 0]);
    expect((await accounts.listAudit({ limit: 9 })).events).toHaveLength(3);
  });

  test('an expiry is recorded once, even if it is reported several times', async () => {
    const { accounts } = await temporaryAccounts();
    const at = new Date(2030, 0, 1);
    const sessions = ['a', 'b', 'c'].map((name) => ({ handle: `ses_${name}`, userId: 'u', at }));
    const record = (some: typeof sessions) => accounts.recordExpired({ sessions: some, removed: some.length });
    await Promise.all([record(sessions), record(sessions.slice(1)), record([])]);
    await record(sessions);
    const { events } = await accounts.listAudit({ limit: 9 });
    expect(new Set(events.map(({ handle }) => handle))).toEqual(new Set(['ses_a', 'ses_b', 'ses_c']));
    expect(events).toHaveLength(3);
    expect(events[0]).toMatchObject({ kind: 'session_expired', actorKind: 'system', actorId: null, reason: 'expired', at });
  });

  test('a large batch of expiries becomes one entry with their number', async () => {
    const { accounts } = await temporaryAccounts();
    const sessions = Array.from({ length: 101 }, (_, index) => ({ handle: `ses_${index}`, userId: `u${index}`, at: new Date() }));
    await accounts.recordExpired({ sessions, removed: 140 });
    // Another purge has removed all of them first.
    await accounts.recordExpired({ sessions, removed: 0 });
    const { events } = await accounts.listAudit({ limit: 9 });
    expect(events).toMatchObject([{ kind: 'sessions_expired', userId: null, reason: 'expired', detail: { ended: 140 }, handle: null }]);
  });

  test('a session that is evicted by the session limit is recorded with the reason', async () => {
    const { accounts } = await temporaryAccounts();
    await accounts.recordEvicted([{ handle: 'ses_old', userId: 'u', at: new Date() }]);
    expect((await accounts.listAudit({ userId: 'u', limit: 9 })).events).toMatchObject([
      { kind: 'session_evicted', handle: 'ses_old', actorKind: 'system', reason: 'session_limit' },
    ]);
    expect(await accounts.recentActivity('u', { limit: 9 })).toMatchObject([{ kind: 'session_evicted' }]);
  });

  test('an entry of a newer version, or a damaged one, does not hide the others', async () => {
    const { accounts, database } = await filled(2);
    const row = { at: new Date(2031, 0, 1), userId: 'u0' };
    await database.prisma.activity.createMany({
      data: [
        { ...row, id: 'later', kind: 'teleported' },
        { ...row, id: 'damaged', kind: 'role_changed', detail: '{"from"', reason: 'whim' },
      ],
    });
    const { events } = await accounts.listAudit({ limit: 9 });
    expect(events).toHaveLength(3);
    expect(events[0]).toMatchObject({ id: 'damaged', detail: null, reason: null });
    expect(await accounts.recentActivity('u0', { limit: 9 })).toHaveLength(2);
  });
});
