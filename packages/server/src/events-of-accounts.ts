import type { Accounts, Actor } from '@gatehouse/accounts';
import type { Emit, EndReason, EventActor, GatehouseEvents } from './events.ts';

/** What changes an account without a request. */
export const SYSTEM_ACTOR: EventActor = { kind: 'system', id: null, ip: null, userAgent: null };

/** The accounts, with an event after each change, whether a procedure or the app itself made it. */
export function withAccountEvents(accounts: Accounts, emit: Emit): Accounts {
  const eventOf = (userId: string, by: Actor | undefined) => ({ userId, at: new Date(), actor: by ?? SYSTEM_ACTOR });

  function changed(userId: string, change: GatehouseEvents['userChanged']['change'], by: Actor | undefined): void {
    emit('userChanged', { ...eventOf(userId, by), change });
  }

  function endedSessions(userId: string, ended: number | undefined, reason: EndReason, by: Actor | undefined): void {
    if (ended) emit('sessionEnded', { ...eventOf(userId, by), handle: null, ended, reason });
  }

  return {
    ...accounts,
    async createUser(user, options) {
      const outcome = await accounts.createUser(user, options);
      if (outcome.ok) changed(outcome.user.id, 'created', options?.by);
      return outcome;
    },
    async changePassword(userId, password, options) {
      const outcome = await accounts.changePassword(userId, password, options);
      if (outcome.ok) {
        emit('passwordChanged', { ...eventOf(userId, options?.by), ended: outcome.ended });
        endedSessions(userId, outcome.ended, 'password_changed', options?.by);
      }
      return outcome;
    },
    async changeEmail(userId, email, options) {
      const outcome = await accounts.changeEmail(userId, email, options);
      if (outcome.ok && outcome.isChanged) changed(userId, 'profile', options?.by);
      return outcome;
    },
    async updateProfile(userId, profile, options) {
      const user = await accounts.updateProfile(userId, profile, options);
      if (profile.name !== undefined) changed(userId, 'profile', options?.by);
      if (profile.attributes !== undefined) changed(userId, 'attributes', options?.by);
      return user;
    },
    async updateAttributes(userId, changes, options) {
      const user = await accounts.updateAttributes(userId, changes, options);
      changed(userId, 'attributes', options?.by);
      return user;
    },
    async updateUser(userId, changes, options) {
      const outcome = await accounts.updateUser(userId, changes, options);
      if (!outcome.ok) return outcome;
      if (changes.name !== undefined || changes.email !== undefined) changed(userId, 'profile', options?.by);
      if (changes.attributes !== undefined) changed(userId, 'attributes', options?.by);
      if (changes.role !== undefined) changed(userId, 'role', options?.by);
      return outcome;
    },
    async setRole(userId, role, options) {
      const user = await accounts.setRole(userId, role, options);
      changed(userId, 'role', options?.by);
      return user;
    },
    async setStatus(userId, status, options) {
      const outcome = await accounts.setStatus(userId, status, options);
      changed(userId, status === 'active' ? 'reactivated' : 'suspended', options?.by);
      endedSessions(userId, outcome.ended, 'suspended', options?.by);
      return outcome;
    },
    async deleteUser(userId, options) {
      const outcome = await accounts.deleteUser(userId, options);
      changed(userId, 'deleted', options?.by);
      endedSessions(userId, outcome.ended, 'deleted', options?.by);
      return outcome;
    },
  };
}
