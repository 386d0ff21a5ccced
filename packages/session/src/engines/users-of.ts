import type { EngineOptions } from '../engine-options.ts';
import { StorageUnavailableError } from '../errors.ts';
import { UnreadableUserError, type FoundUser, type UserSource } from '../user-source.ts';

/** The user source of an engine. The database driver is only loaded if it is needed. @throws TypeError */
export async function usersOf({ users, database }: Pick<EngineOptions, 'users' | 'database'>): Promise<UserSource> {
  if (users) return users;
  if (!database)
    throw new TypeError('The engine needs a source of users: pass `users` (a UserSource), or `database` for Gatehouse’s own accounts.');
  const { databaseUsers } = await import('./db/database-users.ts');
  return databaseUsers(database.prisma);
}

/** @throws StorageUnavailableError if the source fails, UnreadableUserError */
export async function findUser(users: UserSource, userId: string): Promise<FoundUser | undefined> {
  try {
    return await users.find(userId);
  } catch (error) {
    if (error instanceof UnreadableUserError || error instanceof StorageUnavailableError) throw error;
    throw new StorageUnavailableError('The user source did not answer.', { cause: error });
  }
}
