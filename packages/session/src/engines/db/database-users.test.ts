import { expect, test } from 'vitest';
import { databaseAccounts } from '../../test-support/database-accounts.ts';
import { createTempDatabase } from '../../test-support/temp-database.ts';
import { UnreadableUserError } from '../../user-source.ts';
import { databaseUsers } from './database-users.ts';

test('finds an active account with its epoch and its attributes as stored, and no other account', async () => {
  const testDatabase = await createTempDatabase();
  try {
    const { prisma } = await testDatabase.connect();
    const [accounts, users] = [databaseAccounts(prisma), databaseUsers(prisma)];
    const { user } = await accounts.create();
    expect(await users.find(user.id)).toEqual({ user, credentialEpoch: 0 });

    await accounts.storeAttributes(user.id, '{"of":"another version"}');
    await accounts.raiseEpoch(user.id);
    expect(await users.find(user.id)).toEqual({ user: { ...user, attributes: { of: 'another version' } }, credentialEpoch: 1 });

    await accounts.setRole(user.id, 'emperor' as never);
    const refused: unknown = await users.find(user.id).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UnreadableUserError);
    expect(refused).toMatchObject({ message: expect.stringContaining(user.id), cause: expect.any(Error) });

    await accounts.suspend(user.id);
    for (const id of [user.id, 'nobody', 'a\0b', 'x'.repeat(65)]) expect(await users.find(id)).toBeUndefined();
  } finally {
    await testDatabase.dispose();
  }
});

test('a database that is unavailable is an error, not a missing user', async () => {
  const testDatabase = await createTempDatabase();
  const { prisma } = await testDatabase.connect();
  await prisma.$executeRaw`ALTER TABLE gatehouse_user RENAME TO elsewhere`;
  await expect(databaseUsers(prisma).find('somebody')).rejects.toThrow();
  await testDatabase.dispose();
});
