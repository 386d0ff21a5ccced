import { temporaryDatabase } from '@gatehouse/prisma/testing';
import { expect, test } from 'vitest';
import { CHEAP, PASSWORD, temporaryAccounts } from '../test-support/temporary-accounts.ts';
import { createAccounts } from './accounts.ts';

const INVALID = { ok: false, reason: 'INVALID_CREDENTIALS' };

test('the right password signs in, by user name and by e-mail address', async () => {
  const { accounts, user } = await temporaryAccounts();
  const alice = await user();
  for (const identifier of [alice.username, alice.email]) {
    expect(await accounts.authenticate({ identifier, password: PASSWORD })).toEqual({ ok: true, user: alice, credentialEpoch: 0 });
  }
});

test('security 17: unknown user, wrong password and suspended account get the same answer', async () => {
  const { accounts, user } = await temporaryAccounts();
  await user();
  const { id } = await user({ username: 'bob', email: 'bob@example.com', name: 'Bob' });
  await accounts.setStatus(id, 'suspended');
  expect(await accounts.authenticate({ identifier: 'nobody', password: PASSWORD })).toEqual(INVALID);
  expect(await accounts.authenticate({ identifier: 'alice', password: 'wrong' })).toEqual(INVALID);
  expect(await accounts.authenticate({ identifier: 'bob', password: PASSWORD })).toEqual(INVALID);
  expect(await accounts.authenticate({ identifier: 'bob', password: 'wrong' })).toEqual(INVALID);
  await accounts.setStatus(id, 'active');
  expect(await accounts.authenticate({ identifier: 'bob', password: PASSWORD })).toMatchObject({ ok: true });
});

test('security 18: a password that cannot be hashed is refused without a query', async () => {
  const queries: string[] = [];
  const database = await temporaryDatabase({ onQuery: (sql) => queries.push(sql) });
  const accounts = createAccounts({ database, hashing: CHEAP });
  queries.length = 0;
  for (const password of ['x'.repeat(1_000_000), '\0\0\0\0\0\0\0\0', 'lone \ud800', undefined, { length: 8 }]) {
    expect(await accounts.authenticate({ identifier: 'alice', password: password as string })).toEqual(INVALID);
  }
  expect(queries).toEqual([]);
  await accounts.authenticate({ identifier: 'alice', password: PASSWORD });
  expect(queries).toHaveLength(1);
});

test('security 19: of 200 concurrent sign-ins, those above the limit get TOO_BUSY', async () => {
  const { accounts, user } = await temporaryAccounts({ hashing: { ...CHEAP, concurrency: 2, maxWaiting: 30 } });
  await user();
  const answers = await Promise.all(Array.from({ length: 200 }, () => accounts.authenticate({ identifier: 'alice', password: PASSWORD })));
  const count = (reason: string): number => answers.filter((answer) => (answer.ok ? 'ok' : answer.reason) === reason).length;
  expect(count('ok')).toBeGreaterThanOrEqual(32);
  expect(count('TOO_BUSY')).toBe(200 - count('ok'));
  expect(await accounts.authenticate({ identifier: 'alice', password: PASSWORD })).toMatchObject({ ok: true });
});

test('security 21: after the parameters are raised, the next sign-in rehashes the password and ends no session', async () => {
  const { accounts, database, user, sessions } = await temporaryAccounts();
  const { id } = await user();
  await sessions(id, 1);
  const raised = createAccounts({ database, hashing: { memoryKib: 64, passes: 2 } });
  expect(await raised.authenticate({ identifier: 'alice', password: 'wrong' })).toEqual(INVALID);
  expect((await database.prisma.user.findUniqueOrThrow({ where: { id } })).passwordHash).toContain('m=8,t=1');
  expect(await raised.authenticate({ identifier: 'alice', password: PASSWORD })).toMatchObject({ ok: true, credentialEpoch: 0 });
  expect((await database.prisma.user.findUniqueOrThrow({ where: { id } })).passwordHash).toContain('m=64,t=2');
  expect(await accounts.authenticate({ identifier: 'alice', password: PASSWORD })).toMatchObject({ ok: true });
  expect(await database.prisma.session.count()).toBe(1);
});

test('security 21: after a new pepper is set, the next sign-in rehashes the password', async () => {
  const { database, user } = await temporaryAccounts();
  const { id } = await user();
  const peppered = createAccounts({ database, hashing: { ...CHEAP, peppers: ['a secret of the server'] } });
  expect(await peppered.authenticate({ identifier: 'alice', password: PASSWORD })).toMatchObject({ ok: true });
  expect((await database.prisma.user.findUniqueOrThrow({ where: { id } })).passwordHash).toMatch(/^pepper:/);
  expect(await peppered.authenticate({ identifier: 'alice', password: PASSWORD })).toMatchObject({ ok: true });
});

test('security 21: signing in with a Django hash replaces it with argon2id', async () => {
  const { accounts, database, user } = await temporaryAccounts();
  const { id } = await user();
  // make_password('lètmein', 'seasalt', 'pbkdf2_sha256') with 260000 iterations, from Django's own tests.
  const passwordHash = 'pbkdf2_sha256$260000$seasalt$YlZ2Vggtqdc61YjArZuoApoBh9JNGYoDRBUGu6tcJQo=';
  await database.prisma.user.update({ where: { id }, data: { passwordHash } });
  expect(await accounts.authenticate({ identifier: 'alice', password: 'letmein' })).toEqual(INVALID);
  expect(await accounts.authenticate({ identifier: 'alice', password: 'lètmein' })).toMatchObject({ ok: true });
  expect((await database.prisma.user.findUniqueOrThrow({ where: { id } })).passwordHash).toMatch(/^\$argon2id\$/);
  expect(await accounts.authenticate({ identifier: 'alice', password: 'lètmein' })).toMatchObject({ ok: true });
});

test('a stored hash of an unknown format matches no password', async () => {
  const { accounts, database, user } = await temporaryAccounts();
  const { id } = await user();
  for (const passwordHash of ['!', '', 'plain', '$argon2id$broken']) {
    await database.prisma.user.update({ where: { id }, data: { passwordHash } });
    expect(await accounts.authenticate({ identifier: 'alice', password: passwordHash || PASSWORD })).toEqual(INVALID);
  }
});

test('forSignIn returns the current user and epoch of active accounts only', async () => {
  const { accounts, user } = await temporaryAccounts();
  const alice = await user();
  expect(await accounts.forSignIn(alice.id)).toEqual({ user: alice, credentialEpoch: 0 });
  await accounts.setRole(alice.id, 'admin');
  expect(await accounts.forSignIn(alice.id)).toEqual({ user: { ...alice, role: 'admin' }, credentialEpoch: 0 });
  await accounts.setStatus(alice.id, 'suspended');
  expect(await accounts.forSignIn(alice.id)).toBeUndefined();
  await accounts.setStatus(alice.id, 'active');
  expect(await accounts.forSignIn(alice.id)).toMatchObject({ user: { status: 'active' }, credentialEpoch: 1 });
  await accounts.changePassword(alice.id, 'nine yellow umbrellas');
  expect(await accounts.forSignIn(alice.id)).toMatchObject({ credentialEpoch: 2 });
  await accounts.deleteUser(alice.id);
  expect(await accounts.forSignIn(alice.id)).toBeUndefined();
});

test('security W-05: an invalid identifier or id signs nobody in', async () => {
  const { accounts, user } = await temporaryAccounts();
  await user();
  for (const bad of [undefined, '', { not: '' }] as string[]) await expect(accounts.forSignIn(bad)).rejects.toBeInstanceOf(TypeError);
});
