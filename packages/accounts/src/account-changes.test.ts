import { expect, test } from 'vitest';
import { temporaryAccounts } from '../test-support/temporary-accounts.ts';
import type { Accounts, Actor } from './index.ts';
import { NotAdministratorError, UnknownUserError } from './account-errors.ts';

test('security 5: suspending ends all sessions of the account, and reactivating does not bring them back', async () => {
  const { accounts, database, user, sessions } = await temporaryAccounts();
  const { id } = await user();
  await sessions(id, 3);
  expect(await accounts.setStatus(id, 'suspended')).toMatchObject({ user: { id, status: 'suspended' }, ended: 3 });
  expect(await accounts.setStatus(id, 'active')).toMatchObject({ user: { status: 'active' }, ended: 0 });
  expect(await database.prisma.session.count()).toBe(0);
  expect(await database.prisma.user.findUnique({ where: { id } })).toMatchObject({ credentialEpoch: 1 });
});

test('security 5: deleting ends all sessions, and the audit trail shows who did it', async () => {
  const { accounts, database, user, sessions } = await temporaryAccounts();
  const { id } = await user();
  const bob = await user({ username: 'bob', email: 'bob@example.com', name: 'Bob', role: 'admin' });
  await sessions(id, 2);
  await sessions(bob.id, 1);
  const by = { kind: 'admin', id: bob.id, ip: '::1', userAgent: 'Firefox' } as const;
  expect(await accounts.deleteUser(id, { by })).toEqual({ ended: 2 });
  const { events } = await accounts.listAudit({ userId: id, limit: 10 });
  expect(events).toHaveLength(2);
  expect(events).toContainEqual(
    expect.objectContaining({ kind: 'user_deleted', actorKind: 'admin', actorId: bob.id, detail: { username: 'alice', ended: 2 } }),
  );
  expect(await accounts.listUsers()).toMatchObject([{ username: 'bob' }]);
  expect(await database.prisma.session.count()).toBe(1);
});

test('the next read returns a changed name or role', async () => {
  const { accounts, user } = await temporaryAccounts();
  const { id } = await user();
  expect(await accounts.updateProfile(id, { name: ' Alice L. ' })).toMatchObject({ id, name: 'Alice L.' });
  expect(await accounts.setRole(id, 'admin')).toMatchObject({ role: 'admin' });
  expect(await accounts.findUserById(id)).toMatchObject({ name: 'Alice L.', role: 'admin' });
});

test.each<[string, (accounts: Accounts, id: string, by: Actor) => Promise<unknown>]>([
  ['take the role', (accounts, id, by) => accounts.setRole(id, 'user', { by })],
  ['suspend', (accounts, id, by) => accounts.setStatus(id, 'suspended', { by })],
  ['delete', (accounts, id, by) => accounts.deleteUser(id, { by })],
])('security 8: if two administrators %s each other at the same time, one of them stays', async (_what, act) => {
  const { accounts, user } = await temporaryAccounts();
  const [one, other] = [
    await user({ role: 'admin' }),
    await user({ username: 'bob', email: 'bob@example.com', name: 'Bob', role: 'admin' }),
  ];
  const by = (id: string): Actor => ({ kind: 'admin', id, ip: null, userAgent: null });
  const outcomes = await Promise.allSettled([act(accounts, one.id, by(other.id)), act(accounts, other.id, by(one.id))]);
  expect(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))).toEqual([
    expect.any(NotAdministratorError),
  ]);
  expect((await accounts.listUsers()).filter(({ role, status }) => role === 'admin' && status === 'active')).toHaveLength(1);
});

test('invalid roles, statuses and names are refused', async () => {
  const { accounts, user } = await temporaryAccounts();
  const { id } = await user();
  await expect(accounts.setRole(id, 'root' as 'user')).rejects.toThrow('Invalid option');
  await expect(accounts.setStatus(id, 'asleep' as 'active')).rejects.toThrow('Invalid option');
  await expect(accounts.updateProfile(id, { name: '' })).rejects.toThrow('Enter a name');
  expect(await accounts.findUserById(id)).toMatchObject({ name: 'Alice Liddell', role: 'user', status: 'active' });
});

test('security W-05: an unknown or invalid id changes no account', async () => {
  const { accounts, user } = await temporaryAccounts();
  await user();
  await expect(accounts.updateProfile('nobody', { name: 'X' })).rejects.toBeInstanceOf(UnknownUserError);
  await expect(accounts.setStatus('nobody', 'suspended')).rejects.toBeInstanceOf(UnknownUserError);
  await expect(accounts.deleteUser('nobody')).rejects.toBeInstanceOf(UnknownUserError);
  for (const bad of [undefined, '', { not: '' }] as string[]) {
    await expect(accounts.setStatus(bad, 'suspended')).rejects.toBeInstanceOf(TypeError);
    await expect(accounts.deleteUser(bad)).rejects.toBeInstanceOf(TypeError);
    await expect(accounts.setRole(bad, 'admin')).rejects.toBeInstanceOf(TypeError);
  }
  expect(await accounts.listUsers()).toMatchObject([{ username: 'alice', role: 'user', status: 'active' }]);
});

test('users are listed by name, a page at a time', async () => {
  const { accounts, user } = await temporaryAccounts();
  for (const username of ['Carol', 'alice', 'Bob']) await user({ username, email: `${username}@example.com`, name: 'X' });
  expect((await accounts.listUsers({ limit: 2 })).map(({ username }) => username)).toEqual(['alice', 'Bob']);
  expect((await accounts.listUsers({ limit: 2, after: 'Bob' })).map(({ username }) => username)).toEqual(['Carol']);
});
