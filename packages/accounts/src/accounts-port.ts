import type {
  AccountStatus,
  Activity,
  AttributeChanges,
  AuditPage,
  ListedUser,
  NamedAccount,
  Role,
  SessionUser,
} from '@gatehouse/contract';
import type { ActivityEvent, ActOptions } from './activity-row.ts';
import type { AuditFilter, EndedSession, ExpiredBatch } from './audit-trail.ts';
import type { Authentication, Credentials, SignInGrant } from './authenticate.ts';
import type { ChangePasswordOptions, ChangePasswordOutcome } from './change-password.ts';
import type { CreateUserOutcome, NewUser } from './create-user.ts';

/**
 * Who may sign in, and what was done about it. Ids must be non-empty strings; methods that take one throw UnknownUserError
 * where there is none, and those done by an administrator who is none any more NotAdministratorError. What changes an account writes
 * its row of the audit trail in the same transaction: both or neither.
 */
export interface Accounts {
  /** Same answer and same time for an unknown user, a wrong password and a suspended account. */
  authenticate(credentials: Credentials): Promise<Authentication>;
  /**
   * For a sign-in without a password: a passkey, an identity provider, a link in a message. undefined: there is no such account, or it is
   * suspended. Checks nothing else: call it once that method has proven who the user is. To make a proof that was handed out earlier
   * worthless when the password is changed or the account is suspended, keep the `credentialEpoch` of that moment with it.
   * @throws TypeError if the id is empty or no text.
   */
  forSignIn(userId: string): Promise<SignInGrant | undefined>;
  /** The password of an account that is known already, as to re-authenticate. */
  verifyPassword(userId: string, password: string): Promise<Authentication>;
  /** Throws TooBusyError, as `changePassword` does. */
  createUser(user: NewUser, options?: ActOptions): Promise<CreateUserOutcome>;
  /**
   * Ends the user's sessions, but `exceptHandle`, and raises the credential epoch, all or nothing. `ifCredentialEpoch`: only
   * while the credentials are those that were verified, else CredentialsChangedError: a change begun with an old password
   * never undoes a reset.
   */
  changePassword(userId: string, password: string, options?: ChangePasswordOptions): Promise<ChangePasswordOutcome>;
  updateProfile(userId: string, profile: { name: string }, options?: ActOptions): Promise<SessionUser>;
  /**
   * Sets the fields that are named; `undefined` takes one away. The others stay as they are stored, those that this version does not declare too.
   * Throws UserAttributesError for a value that the schema refuses, a field that it has not, and more than 8 KiB in all.
   */
  updateAttributes(userId: string, changes: AttributeChanges, options?: ActOptions): Promise<SessionUser>;
  setRole(userId: string, role: Role, options?: ActOptions): Promise<SessionUser>;
  /** Suspending ends all of the user's sessions, all or nothing; `ended` says how many were live. */
  setStatus(userId: string, status: AccountStatus, options?: ActOptions): Promise<{ user: SessionUser; ended: number }>;
  /** With all sessions. What is in the audit trail stays: it must tell who deleted whom. */
  deleteUser(userId: string, options?: ActOptions): Promise<{ ended: number }>;
  /** By user name or e-mail address, in any case. */
  findUser(identifier: string): Promise<SessionUser | undefined>;
  findUserById(userId: string): Promise<SessionUser | undefined>;
  /** Whether an account was deleted that had this user name or e-mail address. Somebody who has it now is another person. */
  wasDeleted(identifier: string): Promise<boolean>;
  /** Those that exist, in no order. */
  namesOf(userIds: readonly string[]): Promise<NamedAccount[]>;
  countUsers(): Promise<number>;
  /** By user name. `after`: the last user name of the page before. Default limit 1000. */
  listUsers(options?: { limit?: number; after?: string }): Promise<ListedUser[]>;
  recordActivity(event: ActivityEvent): Promise<void>;
  /** Newest first; at most 1000. */
  recentActivity(userId: string, options: { limit: number }): Promise<Activity[]>;
  /** Of everyone, newest first. */
  listAudit(filter: AuditFilter): Promise<AuditPage>;
  /** What a purge removed: a row for each session, once, whoever else reports it; of more than a hundred one row that says how many. */
  recordExpired(batch: ExpiredBatch): Promise<void>;
  /** Sessions that ended because their user has as many as are allowed. */
  recordEvicted(sessions: readonly EndedSession[]): Promise<void>;
  /** Removes at most `batch` rows of the audit trail from before a moment; returns how many. 0 = done. */
  purgeActivity(options: { before: Date; batch: number }): Promise<number>;
}
