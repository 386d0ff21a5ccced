import type { EngineOptions } from '../engine-options.ts';
import { StorageUnavailableError } from '../errors.ts';
import { UnreadableUserError, type FoundUser, type UserSource } from '../user-source.ts';

/** Where the users of these options come from. The database's driver is loaded only where it is needed. @throws TypeError */
export async function usersOf({ users, database }: Pick<EngineOptions, 'users' | 'database'>): Promise<UserSource> {
  if (users) return users;
  if (!database)
    throw new TypeError('An engine needs to know its users: give `users` (a UserSource), or `database` for Gatehouse’s own accounts.');
  const { databaseUsers } = await import('./db/database-users.ts');
  return databaseUsers(database.prisma);
}

/** @throws StorageUnavailableError if the source fails, UnreadableUserError */
export async function findUser(users: UserSource, userId: string): Promise<FoundUser | undefined> {
  try {
    return await users.find(userId);
  } catch (error) {
    if (error instanceof UnreadableUserError || error instanceof StorageUnavailableError) throw error;
    throw new StorageUnavailableError('The source of users has not answered.', { cause: error });
  }
}
