import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { expect, test } from 'vitest';
import { temporaryAccounts } from '../test-support/temporary-accounts.ts';

/** More than one statement deletes. */
const MANY = byTier(2000, 15_000);

/** Whether a statement that deletes sessions is limited, and not for all sessions of the user. */
const isBounded = (statement: string): boolean => /LIMIT|handle|IN \(/i.test(statement);

async function withMany({ failing = (_statement: string): boolean => false } = {}) {
  const statements: string[] = [];
  const fixture = await temporaryAccounts({
    onQuery(sql) {
      statements.push(sql);
      if (failing(sql)) throw new Error('The statement took too long.');
    },
  });
  const { id } = await fixture.user();
  const handles = await fixture.sessions(id, MANY);
  statements.length = 0;
  const { prisma } = fixture.database;
  return {
    ...fixture,
    id,
    handles,
    removals: () => statements.filter((statement) => /^\s*DELETE FROM .?gatehouse_session/i.test(statement)),
    /** Number of sessions that the account's epoch has not invalidated. */
    left: async () => {
      const { credentialEpoch } = await prisma.user.findUniqueOrThrow({ where: { id } });
      return prisma.session.findMany({ where: { userId: id, credentialEpoch }, select: { handle: true } });
    },
  };
}

test('suspending an account ends any number of sessions in bounded statements, and returns how many', async () => {
  const { accounts, id, left, removals } = await withMany();
  expect(await accounts.setStatus(id, 'suspended')).toMatchObject({ user: { status: 'suspended' }, ended: MANY });
  expect(removals().length).toBeGreaterThan(0);
  expect(removals().filter((statement) => !isBounded(statement))).toEqual([]);
  expect((await accounts.listAudit({ userId: id, kind: 'suspended', limit: 9 })).events).toMatchObject([{ detail: { ended: MANY } }]);
  await accounts.setStatus(id, 'active');
  expect(await left()).toEqual([]);
  // The remaining rows are not counted again.
  expect(await accounts.setStatus(id, 'suspended')).toMatchObject({ ended: 0 });
});

test('a committed change succeeds even if rows cannot be deleted afterwards', async () => {
  let isFailing = false;
  const failing = (statement: string): boolean => isFailing && /credential_epoch <.*LIMIT/is.test(statement);
  const { accounts, id, left } = await withMany({ failing });
  isFailing = true;
  expect(await accounts.setStatus(id, 'suspended')).toMatchObject({ ended: MANY });
  expect(await left()).toEqual([]);
  // Deleting the account fails, and can be retried.
  await expect(accounts.deleteUser(id)).rejects.toThrow();
  isFailing = false;
  expect(await accounts.deleteUser(id)).toEqual({ ended: 0 });
});

test('a new password ends any number of sessions except one, and returns how many', async () => {
  const { accounts, id, handles, left, removals } = await withMany();
  const [kept = ''] = handles;
  const changed = await accounts.changePassword(id, 'nine yellow umbrellas', { exceptHandle: kept });
  expect(changed).toEqual({ ok: true, ended: MANY - 1, credentialEpoch: 1 });
  expect(removals().filter((statement) => !isBounded(statement))).toEqual([]);
  expect(await left()).toEqual([{ handle: kept }]);
});

test('an account with any number of sessions is suspended first, then its session rows are deleted, then the account', async () => {
  const { accounts, database, id, removals } = await withMany();
  expect(await accounts.deleteUser(id)).toEqual({ ended: MANY });
  expect(removals().length).toBeGreaterThan(0);
  expect(await database.prisma.session.count({ where: { userId: id } })).toBe(0);
  expect(await accounts.findUserById(id)).toBe(undefined);
  const { events } = await accounts.listAudit({ userId: id, limit: 9 });
  expect(events.map(({ kind, detail }) => [kind, detail?.ended])).toEqual(
    expect.arrayContaining([
      ['suspended', MANY],
      ['user_deleted', MANY],
    ]),
  );
});
