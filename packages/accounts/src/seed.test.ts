import { expect, test } from 'vitest';
import { ALICE, temporaryAccounts } from '../test-support/temporary-accounts.ts';
import { generatePassword } from './generate-password.ts';
import { passwordProblems } from './password-policy.ts';
import { seedDemoUsers } from './seed.ts';

test('security W-24: demo users have random passwords and are only created in an empty database', async () => {
  const { accounts } = await temporaryAccounts();
  expect(await accounts.countUsers()).toBe(0);
  const created = await seedDemoUsers(accounts);
  expect(created.map(({ username, role }) => [username, role])).toEqual([
    ['demo', 'user'],
    ['admin', 'admin'],
  ]);
  for (const { username, password, role } of created) {
    expect(await accounts.authenticate({ identifier: username, password })).toMatchObject({ ok: true, user: { role } });
    for (const guess of [username, 'admin', 'demo', 'password'])
      expect(await accounts.authenticate({ identifier: username, password: guess })).toMatchObject({ ok: false });
  }
  expect(await seedDemoUsers(accounts)).toEqual([]);
  expect(await accounts.countUsers()).toBe(2);
});

test('a database with users is never seeded', async () => {
  const { accounts, user } = await temporaryAccounts();
  await user();
  expect(await seedDemoUsers(accounts)).toEqual([]);
  expect(await accounts.countUsers()).toBe(1);
});

test('security W-25: a generated password has at least 112 bits, is readable, and passes the policy', () => {
  const passwords = Array.from({ length: 2000 }, generatePassword);
  expect(new Set(passwords).size).toBe(2000);
  const letters = new Set(passwords.join('').replaceAll('-', ''));
  for (const password of passwords.slice(0, 50)) {
    expect(password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){5}$/);
    expect(passwordProblems(password, ALICE)).toEqual([]);
  }
  expect([...letters].join('')).not.toMatch(/[01lio]/);
  expect(24 * Math.log2(letters.size)).toBeGreaterThan(112);
});
