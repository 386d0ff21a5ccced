import { readAttributes, type AttributesSchema, type SessionUser } from '@gatehouse/contract';
import type { Accounts } from './accounts-port.ts';
import type { Authentication } from './authenticate.ts';

/**
 * The same accounts, whose users have their attributes by a schema. What is stored stays whole: a field that
 * this version does not declare is another's.
 */
export function withAttributes(accounts: Accounts, schema: AttributesSchema): Accounts {
  const typed = <User extends SessionUser>(user: User): User => ({ ...user, attributes: readAttributes(user.attributes, schema) });
  const orNone = (user: SessionUser | undefined): SessionUser | undefined => user && typed(user);
  const checked = (outcome: Authentication): Authentication => (outcome.ok ? { ...outcome, user: typed(outcome.user) } : outcome);

  return {
    ...accounts,
    authenticate: async (credentials) => checked(await accounts.authenticate(credentials)),
    async forSignIn(userId) {
      const grant = await accounts.forSignIn(userId);
      return grant && { ...grant, user: typed(grant.user) };
    },
    verifyPassword: async (userId, password) => checked(await accounts.verifyPassword(userId, password)),
    async createUser(user, options) {
      const outcome = await accounts.createUser(user, options);
      return outcome.ok ? { ...outcome, user: typed(outcome.user) } : outcome;
    },
    updateProfile: async (userId, profile, options) => typed(await accounts.updateProfile(userId, profile, options)),
    updateAttributes: async (userId, changes, options) => typed(await accounts.updateAttributes(userId, changes, options)),
    setRole: async (userId, role, options) => typed(await accounts.setRole(userId, role, options)),
    async setStatus(userId, status, options) {
      const outcome = await accounts.setStatus(userId, status, options);
      return { ...outcome, user: typed(outcome.user) };
    },
    findUser: async (identifier) => orNone(await accounts.findUser(identifier)),
    findUserById: async (userId) => orNone(await accounts.findUserById(userId)),
    listUsers: async (options) => (await accounts.listUsers(options)).map(typed),
  };
}
