import type { SessionUser } from '@gatehouse/contract';

/** A user who may have sessions, as their source has them now. Attributes are as stored. */
export interface FoundUser {
  readonly user: SessionUser;
  /**
   * Raise it when sessions made before must end: a changed password, a suspension. A session older than this is ended. A source that has
   * no such number gives 0 always and ends sessions with `destroyByUser`.
   */
  readonly credentialEpoch: number;
}

/**
 * Where users come from: Gatehouse's own accounts, the app's own table, LDAP, an identity provider.
 *
 *     const users: UserSource = {
 *       find: async (userId) => {
 *         const row = await db.people.byId(userId);
 *         return row?.isActive ? { user: toSessionUser(row), credentialEpoch: row.epoch } : undefined;
 *       },
 *     };
 */
export interface UserSource {
  /**
   * undefined: there is no such user, or the user may not sign in. Any other answer is an error: the session is not ended, and the
   * request fails with 503. @throws UnreadableUserError for an account that this version cannot read.
   */
  find(userId: string): Promise<FoundUser | undefined>;
  /**
   * For how long an answer may be kept, in milliseconds, if nobody announces a change with `Engine.userChanged`.
   * @default Infinity every change is announced
   */
  readonly maxAgeMs?: number;
}

/** An account holds what this version does not know, such as a role of a newer one. Its sessions are not served here, and not ended. */
export class UnreadableUserError extends Error {
  override readonly name = 'UnreadableUserError';
  readonly code = 'UNREADABLE_USER';
}
