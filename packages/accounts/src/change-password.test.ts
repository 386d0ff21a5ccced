import { expect, test } from 'vitest';
import { PASSWORD, temporaryAccounts } from '../test-support/temporary-accounts.ts';
import { UnknownUserError } from './account-errors.ts';

const NEW = 'eleven blue bicycles';

test('security 6: changing the password ends the other sessions and returns how many; the named session is kept', async () => {
  const { accounts, database, user, sessions } = await temporaryAccounts();
  const { id } = await user();
  const bob = await user({ username: 'bob', email: 'bob@example.com', name: 'Bob' });
  const [kept = ''] = await sessions(id, 4);
  const [bobs] = await sessions(bob.id, 1);
  expect(await accounts.changePassword(id, NEW, { exceptHandle: kept })).toEqual({ ok: true, ended: 3, credentialEpoch: 1 });
  expect(
    await database.prisma.session.findMany({ select: { handle: true, credentialEpoch: true }, orderBy: { credentialEpoch: 'asc' } }),
  ).toEqual([
    { handle: bobs, credentialEpoch: 0 },
    { handle: kept, credentialEpoch: 1 },
  ]);
  expect(await accounts.authenticate({ identifier: 'alice', password: PASSWORD })).toMatchObject({ ok: false });
  expect(await accounts.authenticate({ identifier: 'alice', password: NEW })).toMatchObject({ ok: true, credentialEpoch: 1 });
});

test('semantics 38: without a session to keep, all sessions end; expired ones are not counted', async () => {
  const { accounts, database, user, sessions } = await temporaryAccounts();
  const { id } = await user();
  const [expired = ''] = await sessions(id, 3);
  await database.prisma.session.update({ where: { handle: expired }, data: { expiresAt: new Date(0) } });
  expect(await accounts.changePassword(id, NEW)).toEqual({ ok: true, ended: 2, credentialEpoch: 1 });
  expect(await database.prisma.session.count()).toBe(0);
});

test('a session of another user cannot be kept', async () => {
  const { accounts, database, user, sessions } = await temporaryAccounts();
  const { id } = await user();
  const bob = await user({ username: 'bob', email: 'bob@example.com', name: 'Bob' });
  const [bobs = ''] = await sessions(bob.id, 1);
  await accounts.changePassword(id, NEW, { exceptHandle: bobs });
  expect(await database.prisma.session.findUnique({ where: { handle: bobs } })).toMatchObject({ userId: bob.id, credentialEpoch: 0 });
});

test('a refused password changes nothing', async () => {
  const { accounts, user, sessions, database } = await temporaryAccounts();
  const { id } = await user();
  await sessions(id, 2);
  expect(await accounts.changePassword(id, 'password')).toEqual({
    ok: false,
    problems: { password: [expect.stringContaining('most common')] },
  });
  expect(await accounts.changePassword(id, 'alice liddell')).toMatchObject({ ok: false });
  expect(await accounts.authenticate({ identifier: 'alice', password: PASSWORD })).toMatchObject({ ok: true, credentialEpoch: 0 });
  expect(await database.prisma.session.count()).toBe(2);
});

test('F-11: if any statement fails, including COMMIT, nothing has changed and a retry works', async () => {
  let failing = Infinity;
  const onQuery = (): void => {
    failing -= 1;
    if (failing === 0) throw new Error('the disk is gone');
  };
  const { accounts, user, sessions, database } = await temporaryAccounts({ onQuery });
  const { id } = await user();
  const [kept = ''] = await sessions(id, 3);
  const state = async () => [
    await accounts.authenticate({ identifier: 'alice', password: PASSWORD }),
    await database.prisma.session.findMany({ orderBy: { handle: 'asc' }, select: { handle: true, credentialEpoch: true } }),
    await database.prisma.activity.count(),
  ];
  const before = await state();

  let statements = 1;
  for (; statements < 50; statements += 1) {
    failing = statements;
    const outcome = await accounts.changePassword(id, NEW, { exceptHandle: kept }).catch((error: unknown) => error);
    failing = Infinity;
    if (!(outcome instanceof Error)) break;
    expect(await state()).toEqual(before);
  }
  // Reading the owner, BEGIN, seven statements and COMMIT have each failed once.
  expect(statements - 1).toBe(10);
  expect(await database.prisma.session.findMany({ select: { handle: true, credentialEpoch: true } })).toEqual([
    { handle: kept, credentialEpoch: 1 },
  ]);
});

test('of two concurrent changes one password is stored, and no session keeps an epoch in between', async () => {
  const { accounts, user, sessions, database } = await temporaryAccounts();
  const { id } = await user();
  const [a = '', b = ''] = await sessions(id, 2);
  await Promise.all([accounts.changePassword(id, NEW, { exceptHandle: a }), accounts.changePassword(id, `${NEW}!`, { exceptHandle: b })]);
  const { credentialEpoch } = await database.prisma.user.findUniqueOrThrow({ where: { id } });
  expect(credentialEpoch).toBe(2);
  // The first change ended the session that the second one wanted to keep.
  expect(await database.prisma.session.count({ where: { credentialEpoch } })).toBe(0);
});

test('security W-05: an unknown or invalid id changes no account', async () => {
  const { accounts, user } = await temporaryAccounts();
  await user();
  await expect(accounts.changePassword('nobody', NEW)).rejects.toBeInstanceOf(UnknownUserError);
  for (const id of [undefined, '', { not: '' }, null])
    await expect(accounts.changePassword(id as string, NEW)).rejects.toBeInstanceOf(TypeError);
  expect(await accounts.authenticate({ identifier: 'alice', password: PASSWORD })).toMatchObject({ ok: true });
});
