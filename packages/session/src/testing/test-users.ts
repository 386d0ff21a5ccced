import type { SessionUser } from '@gatehouse/contract';
import type { FoundUser, UserSource } from '../user-source.ts';

/** Users that a test adds and changes. */
export interface TestUsers extends UserSource {
  /** Adds an active user. Missing fields are derived from the name. @returns the user, for `signInAs`. */
  add(user: Partial<SessionUser> & { readonly username: string }): SessionUser;
  /** Changes fields of a user; the next request has them. @throws Error if there is no such user. */
  change(userId: string, changes: Partial<Omit<SessionUser, 'id'>>): SessionUser;
  /** From now on the user is not found, so their sessions end with their next request. */
  remove(userId: string): void;
}

/** A source of users in memory, for apps that bring their own users. Its results are not cached. */
export function createTestUsers(): TestUsers {
  const known = new Map<string, FoundUser>();
  return {
    maxAgeMs: 0,
    find: (userId) => Promise.resolve(known.get(userId)),
    add({ username, ...given }) {
      // The app declares the type of its own fields, which `attributes: {}` may not match.
      const made: object = {
        id: `test-${username}`,
        username,
        email: `${username}@example.org`,
        name: username,
        role: 'user',
        status: 'active',
        attributes: {},
        ...given,
      };
      const user = made as SessionUser;
      known.set(user.id, { user, credentialEpoch: 0 });
      return user;
    },
    change(userId, changes) {
      const found = known.get(userId);
      if (!found) throw new Error(`There is no test user with the id ${userId}.`);
      const user = { ...found.user, ...changes };
      known.set(userId, { ...found, user });
      return user;
    },
    remove: (userId) => void known.delete(userId),
  };
}
