import type { SessionUser } from '@gatehouse/contract';

/** A user who may have sessions. Attributes are as stored. */
export interface FoundUser {
  readonly user: SessionUser;
  /**
   * Sessions with a lower epoch are ended. Raise it when existing sessions must end, for example after a password
   * change. A source without epochs returns 0 and ends sessions with `destroyByUser`.
   */
  readonly credentialEpoch: number;
}

/**
 * The source of users: Gatehouse's accounts, the app's own table, LDAP or an identity provider.
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
   * @returns undefined if the user does not exist or may not sign in. The session then ends.
   * @throws UnreadableUserError for an account that this version cannot read. Any other error is answered with 503; the
   * session is not ended.
   */
  find(userId: string): Promise<FoundUser | undefined>;
  /** How long a result may be cached, in milliseconds, without an announcement by `Engine.userChanged`. @default Infinity */
  readonly maxAgeMs?: number;
}

/**
 * The account has a value that this version does not know, such as a role of a newer version. Its sessions are not
 * served here, but not ended either.
 */
export class UnreadableUserError extends Error {
  override readonly name = 'UnreadableUserError';
  readonly code = 'UNREADABLE_USER';
}
