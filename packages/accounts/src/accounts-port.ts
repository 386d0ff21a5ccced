import type {
  AccountStatus,
  Activity,
  AttributeChanges,
  AuditPage,
  Authentication,
  ChangePasswordOutcome,
  EndedSession,
  ExpiredBatch,
  ListedUser,
  NamedAccount,
  Role,
  SessionMethod,
  SessionUser,
  SignInGrant,
} from '@gatehouse/contract';
import type { ActivityEvent, ActOptions } from './activity-row.ts';
import type { AuditFilter } from './audit-trail.ts';
import type { Credentials } from './authenticate.ts';
import type { ChangeEmailOptions, ChangeEmailOutcome } from './change-email.ts';
import type { ChangePasswordOptions } from './change-password.ts';
import type { CreateUserOutcome, NewUser } from './create-user.ts';
import type { ProfileChanges } from './edit-profile.ts';
import type { SignInCounts } from './hour-counts.ts';
import type { FoundUser, FoundUsers, UserQuery } from './search-users.ts';
import type { UpdateUserOutcome, UserChanges } from './update-user.ts';

/**
 * Accounts and their audit trail. Ids must be non-empty strings. Methods that change an account throw UnknownUserError if it does
 * not exist, and NotAdministratorError if `by` is an administrator who no longer is one. Each change and its audit entry are
 * written in the same transaction.
 */
export interface Accounts {
  /** An unknown user, a wrong password and a suspended account get the same answer in the same time. */
  authenticate(credentials: Credentials): Promise<Authentication>;
  /**
   * For a sign-in without a password: a passkey, an identity provider, a magic link. Returns undefined if the account does not exist
   * or is suspended. It checks nothing else, so call it only after the user has proven who they are. If a proof is issued in advance,
   * store the `credentialEpoch` with it, so that a password change or a suspension invalidates it.
   * @throws TypeError if the id is empty or not a string.
   */
  forSignIn(userId: string): Promise<SignInGrant | undefined>;
  /** Verifies the password of a known account, for example to re-authenticate. */
  verifyPassword(userId: string, password: string): Promise<Authentication>;
  /** @throws TooBusyError */
  createUser(user: NewUser, options?: ActOptions): Promise<CreateUserOutcome>;
  /**
   * Sets the password, raises the credential epoch and ends the user's sessions except `exceptHandle`, in one transaction.
   * With `ifCredentialEpoch`, throws CredentialsChangedError if the credentials have changed since they were verified, so that a
   * change that was authorized by an old password never undoes a reset.
   * @throws TooBusyError
   */
  changePassword(userId: string, password: string, options?: ChangePasswordOptions): Promise<ChangePasswordOutcome>;
  /**
   * Sets the e-mail address; sessions stay. With `ifCredentialEpoch`, throws CredentialsChangedError if the credentials have changed since
   * they were verified.
   */
  changeEmail(userId: string, email: string, options?: ChangeEmailOptions): Promise<ChangeEmailOutcome>;
  /** Changes the name and your own fields, all or none. @throws UserAttributesError as `updateAttributes`. */
  updateProfile(userId: string, profile: ProfileChanges, options?: ActOptions): Promise<SessionUser>;
  /**
   * Sets the named fields; `undefined` removes one. Other stored fields stay, including those that this version does not declare.
   * @throws UserAttributesError if the schema rejects a value or has no such field, or if all attributes together exceed 8 KiB.
   */
  updateAttributes(userId: string, changes: AttributeChanges, options?: ActOptions): Promise<SessionUser>;
  setRole(userId: string, role: Role, options?: ActOptions): Promise<SessionUser>;
  /** Suspending ends all of the user's sessions in the same transaction; `ended` is the number of live ones. */
  setStatus(userId: string, status: AccountStatus, options?: ActOptions): Promise<{ user: SessionUser; ended: number }>;
  /** Deletes the account and its sessions. Its audit entries stay, because they must show who deleted whom. */
  deleteUser(userId: string, options?: ActOptions): Promise<{ ended: number }>;
  /** Finds an account by user name or e-mail address, case-insensitively. */
  findUser(identifier: string): Promise<SessionUser | undefined>;
  findUserById(userId: string): Promise<SessionUser | undefined>;
  /** Whether a deleted account had this user name or e-mail address. Whoever has it now is a different person. */
  wasDeleted(identifier: string): Promise<boolean>;
  /** The names of existing accounts, in no particular order. Unknown ids are left out. */
  namesOf(userIds: readonly string[]): Promise<NamedAccount[]>;
  /** All accounts. `slice`: how many one statement reads, 20,000 by default. */
  countUsers(options?: { slice?: number }): Promise<number>;
  /** A page of accounts, ordered by user name. `after` is the last user name of the previous page. `limit` defaults to 1000. */
  listUsers(options?: { limit?: number; after?: string }): Promise<ListedUser[]>;
  /**
   * A page of accounts that have all the given properties. Its time does not grow with the number of accounts.
   * @throws InvalidCursorError if `after` is not the `next` of a page of the same search.
   */
  searchUsers(query: UserQuery): Promise<FoundUsers>;
  /** An account as in `searchUsers`. */
  describeUser(userId: string): Promise<FoundUser | undefined>;
  /** Changes name, e-mail address, role and your own fields, all or none. @throws UserAttributesError as `updateAttributes`. */
  updateUser(userId: string, changes: UserChanges, options?: ActOptions): Promise<UpdateUserOutcome>;
  /**
   * Makes up to `batch` accounts findable by `searchUsers` that an older server created. Returns how many; 0 means that all are.
   * Several servers may run it at the same time.
   */
  indexUsers(options: { batch: number }): Promise<number>;
  /** Sign-ins per hour and day, until `now`. */
  signInCounts(now: Date): Promise<SignInCounts>;
  /** Prepares `signInCounts` for up to `batch` hours that are over. Returns how many; 0 means that all are prepared. */
  storeHourCounts(options: { now: Date; batch: number }): Promise<number>;
  /** Adds attempts to sign in that were refused because there were too many; `signInCounts` counts them. */
  countBlocked(options: { attempts: number; at: Date }): Promise<void>;
  /** Records an event. A sign-in is also the account's last one. */
  recordActivity(event: ActivityEvent): Promise<void>;
  /** The account's audit entries, newest first; at most 1000. */
  recentActivity(userId: string, options: { limit: number }): Promise<Activity[]>;
  /** The audit entries of all accounts, newest first. */
  listAudit(filter: AuditFilter): Promise<AuditPage>;
  /** How each of these sessions began, from the audit trail. Sessions without an entry are missing. */
  sessionMethods(handles: readonly string[]): Promise<Map<string, SessionMethod>>;
  /**
   * Records the expired sessions that a purge removed. Each session is recorded once, even if several processes report it. More than
   * 100 sessions become one entry with their number.
   */
  recordExpired(batch: ExpiredBatch): Promise<void>;
  /** Records the sessions that were ended because their user exceeded the session limit. */
  recordEvicted(sessions: readonly EndedSession[]): Promise<void>;
  /** Deletes up to `batch` audit entries older than `before`, oldest first. Returns how many; 0 means there are no more. */
  purgeActivity(options: { before: Date; batch: number }): Promise<number>;
}
