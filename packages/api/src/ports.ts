import type {
  AccountStatus,
  Activity,
  AdminStats,
  AuditPageInput,
  Authentication,
  BulkOutcome,
  ChangePasswordOutcome,
  CommitOutcome,
  CreatedUser,
  FieldEditor,
  FormField,
  NamedAuditPage,
  Overview,
  OwnedSessionDetails,
  OwnedSessionPage,
  OwnedSessionPageInput,
  ProfileUpdateInput,
  Role,
  SessionChange,
  SessionData,
  SessionDetails,
  SessionPage,
  SessionPageInput,
  SessionSearch,
  SessionSearchInput,
  SessionState,
  SessionUser,
  TemporaryPassword,
  UserCreateInput,
  UserPage,
  UserRow,
  UserSearch,
  UserSearchInput,
  UserUpdateInput,
} from '@gatehouse/contract';

/**
 * The interfaces that the router needs from its host. The server implements them with express-session, Prisma and argon2, which this
 * package does not depend on.
 */

export interface SessionPort {
  /** Who is signed in, or why nobody is, as of the last load, sign-in or sign-out. */
  state(): SessionState;
  /** The application's session data. Changes are stored before the response is sent. */
  readonly data: SessionData;
  /**
   * Creates a session and ends the previous one. Declared data keys are kept. If the same user signs in again, their session is kept and
   * gets a new secret. The session is stored when the promise resolves.
   *
   * `credentialEpoch` is the account's epoch at which the password was verified. Returns false, without changing anything, if the
   * credentials have changed since or the account was suspended.
   * @throws CONFLICT if another request of this browser has replaced the session at the same time.
   */
  signIn(user: SessionUser, options: { credentialEpoch: number; remember: boolean | undefined }): Promise<boolean>;
  /**
   * Call this after the user's password was verified again: gives the session a new secret and makes it fresh. It is stored when the
   * promise resolves. Returns false if the session was ended or the credentials have changed since.
   * @throws CONFLICT if another request of this browser has replaced the session at the same time.
   */
  reauthenticate(options: { credentialEpoch: number }): Promise<boolean>;
  /** Ends the session, if there is one. It is deleted from the storage when the promise resolves. */
  signOut(): Promise<void>;
  /**
   * Changes of the session, until it ends or the signal is aborted. Call it for a signed-in user.
   * @throws STORAGE_UNAVAILABLE if the storage cannot confirm the session for too long.
   */
  changes(signal: AbortSignal | undefined): AsyncIterable<SessionChange>;
  /** Stores changes. The base procedure calls it after every successful call. */
  commit(): Promise<CommitOutcome>;
}

/** The live sessions of all users. A user's own sessions are selected by the caller's user id, never by the handle. */
export interface SessionsPort {
  /** A page of a user's sessions, most recent activity first. @throws INVALID_INPUT if the cursor is invalid. */
  listByUser(userId: string, page: SessionPageInput): Promise<SessionPage>;
  /** Ends one session. Returns false if it does not exist, or does not belong to `ofUser` if given. */
  revoke(handle: string, options?: { ofUser: string }): Promise<boolean>;
  /** Ends a user's sessions except the caller's. Returns how many. */
  revokeByUser(userId: string): Promise<number>;
  /** Ends all sessions, including the caller's. Returns how many. */
  revokeAll(): Promise<number>;
  searchByUser(userId: string, search: SessionSearchInput): Promise<SessionSearch>;
  /** Returns undefined if it does not exist or does not belong to `ofUser`. */
  describe(handle: string, options: { ofUser: string }): Promise<SessionDetails | undefined>;
  /** With the data, for administrators. */
  describeAny(handle: string): Promise<OwnedSessionDetails | undefined>;
  /** The sessions of all users. @throws INVALID_INPUT if the cursor is invalid. */
  listAll(page: OwnedSessionPageInput): Promise<OwnedSessionPage>;
  /** Ends sessions; with `ofUser` only those of this user. Returns how many. */
  revokeMany(handles: readonly string[], options?: { ofUser: string }): Promise<number>;
  /** Ends the sessions of several users, except the caller's current one. */
  revokeByUsers(userIds: readonly string[]): Promise<BulkOutcome>;
}

/** Methods that take a user id throw NOT_FOUND if the account does not exist. */
export interface AccountsPort {
  /** Verifies a password if the limits allow an attempt. Each call counts as one attempt, also in a batch. */
  authenticate(credentials: { identifier: string; password: string }): Promise<Authentication>;
  /** Verifies the password of the signed-in user. This counts as an attempt too, against the device or the session. */
  verifyPassword(userId: string, password: string): Promise<Authentication>;
  /** Ends the user's other sessions. @throws CONFLICT if the credentials have changed since they were verified. */
  changePassword(userId: string, password: string, options: { ifCredentialEpoch: number }): Promise<ChangePasswordOutcome>;
  /**
   * @throws INVALID_INPUT with messages for `email`, TOO_MANY_ATTEMPTS after many addresses that other accounts have, CONFLICT if the
   * credentials have changed since they were verified.
   */
  changeEmail(userId: string, email: string, options: { ifCredentialEpoch: number }): Promise<SessionUser>;
  getUser(userId: string): Promise<SessionUser | undefined>;
  /** Finds an account by user name or e-mail address, case-insensitively. */
  findUser(identifier: string): Promise<SessionUser | undefined>;
  /** A page of accounts, ordered by user name. */
  listUsers(options: { after: string | undefined }): Promise<UserPage>;
  setRole(userId: string, role: Role): Promise<SessionUser>;
  /** Suspending ends all of the user's sessions; `ended` is their number. */
  setStatus(userId: string, status: AccountStatus): Promise<{ user: SessionUser; ended: number }>;
  /** Resets the failed sign-ins of the account and its devices. */
  unlock(userId: string): Promise<void>;
  /** Deletes the account and its sessions; `ended` is their number. */
  deleteUser(userId: string): Promise<{ ended: number }>;
  /** @throws INVALID_INPUT with messages by field, also for a field that the owner may not edit. */
  updateProfile(userId: string, profile: ProfileUpdateInput): Promise<SessionUser>;
  /** The app's own fields, for a form of this editor. */
  accountFields(editor: FieldEditor): Promise<readonly FormField[]>;
  recentActivity(userId: string, options: { limit: number }): Promise<Activity[]>;
  /** A page of the audit entries of all accounts, newest first. */
  audit(filter: AuditPageInput): Promise<NamedAuditPage>;
  overview(): Promise<Overview>;
  describeUser(userId: string): Promise<UserRow | undefined>;
  /** @throws INVALID_INPUT if the cursor is invalid or belongs to another order. */
  searchUsers(search: UserSearchInput): Promise<UserSearch>;
  /** @throws INVALID_INPUT with messages by field. */
  createUser(user: UserCreateInput): Promise<CreatedUser>;
  /** @throws INVALID_INPUT with messages by field. */
  updateUser(userId: string, changes: Omit<UserUpdateInput, 'userId'>): Promise<SessionUser>;
  setTemporaryPassword(userId: string): Promise<TemporaryPassword>;
  suspendMany(userIds: readonly string[]): Promise<BulkOutcome>;
  stats(): Promise<AdminStats>;
}

/** What the host has read from the headers of the HTTP request. */
export interface RequestInfo {
  /** The request has `X-Requested-With: XMLHttpRequest`. */
  readonly ajax: boolean;
  /** `Origin` or `Sec-Fetch-Site` show that another site sent the request. */
  readonly crossSite: boolean;
  /** `X-Gatehouse-User`: the id of the user for whom the page was loaded; undefined if the client does not say. */
  readonly madeForUser: string | undefined;
}
