import { expect, test } from 'vitest';
import { ALICE, PASSWORD, temporaryAccounts } from '../test-support/temporary-accounts.ts';
import { CredentialsChangedError, UnknownUserError } from './account-errors.ts';

test('a new e-mail address signs in and is found from then on, the old one is not; sessions stay; the audit trail says so', async () => {
  const { accounts, user, sessions, database } = await temporaryAccounts();
  const { id } = await user();
  await sessions(id, 2);
  const outcome = await accounts.changeEmail(id, '  Alice.New@example.org ', { ifCredentialEpoch: 0 });
  expect(outcome).toMatchObject({ ok: true, isChanged: true, user: { email: 'Alice.New@example.org', name: ALICE.name } });
  expect(await accounts.authenticate({ identifier: 'alice.new@EXAMPLE.org', password: PASSWORD })).toMatchObject({ ok: true });
  expect(await accounts.authenticate({ identifier: ALICE.email, password: PASSWORD })).toMatchObject({ ok: false });
  const search = { sort: 'name', descending: false, limit: 5 } as const;
  expect((await accounts.searchUsers({ ...search, text: 'alice.new' })).users).toHaveLength(1);
  expect((await accounts.searchUsers({ ...search, text: 'alice@example.com' })).users).toEqual([]);
  expect(await database.prisma.session.count()).toBe(2);
  const [entry] = await accounts.recentActivity(id, { limit: 1 });
  expect(entry).toMatchObject({ kind: 'email_changed' });
});

test('an address that is invalid or that another account has is refused in any letter case, and nothing changes', async () => {
  const { accounts, user } = await temporaryAccounts();
  const { id } = await user();
  await user({ username: 'bob', email: 'bob@example.com', name: 'Bob' });
  for (const [email, isTaken, message] of [
    ['BOB@example.com', true, 'There is an account'],
    ['bob', false, 'Enter an e-mail address'],
    ['', false, 'Enter an e-mail address'],
    ['bób@example.com', false, 'Enter an e-mail address'],
    [`${'x'.repeat(250)}@example.com`, false, 'at most 254'],
  ] as const)
    expect(await accounts.changeEmail(id, email)).toEqual({ ok: false, isTaken, problems: { email: [expect.stringContaining(message)] } });
  expect(await accounts.findUserById(id)).toMatchObject({ email: ALICE.email });
});

test('the own address in another letter case is a change; the same address is none and writes no audit entry', async () => {
  const { accounts, user } = await temporaryAccounts();
  const { id } = await user();
  expect(await accounts.changeEmail(id, ALICE.email)).toMatchObject({ ok: true, isChanged: false });
  expect((await accounts.recentActivity(id, { limit: 9 })).map(({ kind }) => kind)).toEqual(['user_created']);
  expect(await accounts.changeEmail(id, ALICE.email.toUpperCase())).toMatchObject({ ok: true, isChanged: true });
});

test('two accounts that take the same address at the same time: one gets it, the other is refused', async () => {
  const { accounts, user } = await temporaryAccounts();
  const ids = [(await user()).id, (await user({ username: 'bob', email: 'bob@example.com', name: 'Bob' })).id];
  const outcomes = await Promise.all(ids.map((id) => accounts.changeEmail(id, 'both@example.com')));
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
});

test('a change that an old password authorized is refused, and so is one of an unknown account', async () => {
  const { accounts, user } = await temporaryAccounts();
  const { id } = await user();
  await accounts.changePassword(id, 'eleven blue bicycles');
  await expect(accounts.changeEmail(id, 'new@example.com', { ifCredentialEpoch: 0 })).rejects.toThrow(CredentialsChangedError);
  expect(await accounts.findUserById(id)).toMatchObject({ email: ALICE.email });
  await expect(accounts.changeEmail('nobody', 'new@example.com')).rejects.toThrow(UnknownUserError);
});
