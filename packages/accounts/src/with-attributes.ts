import { readAttributes, type Authentication, type AttributesSchema, type SessionUser } from '@gatehouse/contract';
import type { Accounts } from './accounts-port.ts';

/**
 * Wraps `accounts` so that returned users have their attributes parsed by `schema`. Stored attributes stay complete, because another
 * version may declare the fields that this one does not.
 */
export function withAttributes(accounts: Accounts, schema: AttributesSchema): Accounts {
  const parsed = <User extends SessionUser>(user: User): User => ({ ...user, attributes: readAttributes(user.attributes, schema) });
  const orNone = (user: SessionUser | undefined): SessionUser | undefined => user && parsed(user);
  const checked = (outcome: Authentication): Authentication => (outcome.ok ? { ...outcome, user: parsed(outcome.user) } : outcome);

  return {
    ...accounts,
    authenticate: async (credentials) => checked(await accounts.authenticate(credentials)),
    async forSignIn(userId) {
      const grant = await accounts.forSignIn(userId);
      return grant && { ...grant, user: parsed(grant.user) };
    },
    verifyPassword: async (userId, password) => checked(await accounts.verifyPassword(userId, password)),
    async createUser(user, options) {
      const outcome = await accounts.createUser(user, options);
      return outcome.ok ? { ...outcome, user: parsed(outcome.user) } : outcome;
    },
    async changeEmail(userId, email, options) {
      const outcome = await accounts.changeEmail(userId, email, options);
      return outcome.ok ? { ...outcome, user: parsed(outcome.user) } : outcome;
    },
    updateProfile: async (userId, profile, options) => parsed(await accounts.updateProfile(userId, profile, options)),
    updateAttributes: async (userId, changes, options) => parsed(await accounts.updateAttributes(userId, changes, options)),
    setRole: async (userId, role, options) => parsed(await accounts.setRole(userId, role, options)),
    async setStatus(userId, status, options) {
      const outcome = await accounts.setStatus(userId, status, options);
      return { ...outcome, user: parsed(outcome.user) };
    },
    findUser: async (identifier) => orNone(await accounts.findUser(identifier)),
    findUserById: async (userId) => orNone(await accounts.findUserById(userId)),
    async searchUsers(query) {
      const page = await accounts.searchUsers(query);
      return { ...page, users: page.users.map(parsed) };
    },
    async describeUser(userId) {
      const user = await accounts.describeUser(userId);
      return user && parsed(user);
    },
    async updateUser(userId, changes, options) {
      const outcome = await accounts.updateUser(userId, changes, options);
      return outcome.ok ? { ...outcome, user: parsed(outcome.user) } : outcome;
    },
    listUsers: async (options) => (await accounts.listUsers(options)).map(parsed),
  };
}
