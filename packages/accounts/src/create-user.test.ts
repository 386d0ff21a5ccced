import { defaultAttributes } from '@gatehouse/contract';
import { expect, test } from 'vitest';
import { ALICE, temporaryAccounts } from '../test-support/temporary-accounts.ts';

test('a new user is active, and the password is stored as a hash only', async () => {
  const now = new Date('2030-01-01T00:00:00Z');
  const { accounts, database } = await temporaryAccounts({ now: () => now });
  const outcome = await accounts.createUser({ ...ALICE, name: '  Alice Liddell ' });
  expect(outcome).toEqual({
    ok: true,
    user: {
      id: expect.any(String),
      username: 'alice',
      email: 'alice@example.com',
      name: 'Alice Liddell',
      role: 'user',
      status: 'active',
      attributes: defaultAttributes(),
    },
  });
  const [row] = await database.prisma.user.findMany();
  expect(row?.createdAt).toEqual(now);
  expect(Object.values(row ?? {}).join()).not.toContain(ALICE.password);
  expect(JSON.stringify(outcome)).not.toContain('argon2');
});

test('all problems are reported at once, by field', async () => {
  const { accounts } = await temporaryAccounts();
  const outcome = await accounts.createUser({ username: '', email: 'x', name: ' ', role: 'root' as 'user', password: 'short' });
  expect(outcome).toMatchObject({ ok: false });
  expect(Object.keys(outcome.ok ? {} : outcome.problems).toSorted()).toEqual(['email', 'name', 'password', 'role', 'username']);
  expect(await accounts.createUser({ ...ALICE, password: undefined as unknown as string })).toMatchObject({
    ok: false,
    problems: { password: [expect.any(String)] },
  });
  expect(await accounts.createUser({ ...ALICE, password: 'alice-alice' })).toMatchObject({
    ok: false,
    problems: { password: [expect.any(String)] },
  });
});

test('of 20 concurrent attempts to create the same name, one succeeds and the others report that it is taken', async () => {
  const { accounts } = await temporaryAccounts({ hashing: { memoryKib: 8, passes: 1, maxWaiting: 50 } });
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, i) => accounts.createUser({ ...ALICE, email: `alice${i}@example.com` })),
  );
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
  const told = { ok: false, problems: { username: ['This user name is taken.'] } };
  expect(outcomes.filter(({ ok }) => !ok)).toEqual(Array.from({ length: 19 }, () => told));
});
