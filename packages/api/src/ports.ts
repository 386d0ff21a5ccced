import type {
  AccountStatus,
  Activity,
  AuditPageInput,
  CommitOutcome,
  NamedAuditPage,
  Overview,
  ProfileInput,
  Role,
  SessionData,
  SessionPage,
  SessionPageInput,
  SessionState,
  SessionUser,
  UserPage,
} from '@gatehouse/contract';

/**
 * What the router asks of its host. The server joins these to express-session, Prisma and argon2;
 * nothing in this package knows them.
 */

export type { CommitOutcome, SessionState, SessionView } from '@gatehouse/contract';

export interface SessionPort {
  /** Who is signed in, or why nobody is, as of the last load, sign-in or sign-out. */
  state(): SessionState;
  /** The application's keys; set them and they are stored before the answer leaves. */
  readonly data: SessionData;
  /**
   * A new session, declared keys kept, the old one ended; the same user's session stays and gets a new secret. Stored when the promise
   * resolves. Refuses with CONFLICT where another request of this browser was faster.
   * `credentialEpoch` is the account's at the moment its password was checked: a session made from a password
   * that has been changed meanwhile is never live. false: that happened, or the account was suspended; nothing changed.
   */
  signIn(user: SessionUser, options: { credentialEpoch: number; remember: boolean | undefined }): Promise<boolean>;
  /**
   * The password of whoever is signed in was checked again: new secret, same data, fresh. Stored when the promise resolves. Refuses with
   * CONFLICT where another request of this browser was faster.
   * false: the session was ended, or the credentials changed, meanwhile.
   */
  reauthenticate(options: { credentialEpoch: number }): Promise<boolean>;
  /** Ends the session, or does nothing where there is none. Gone from storage when the promise resolves. */
  signOut(): Promise<void>;
  /** Stores what was changed. Called by the base procedure after every call that did not fail. */
  commit(): Promise<CommitOutcome>;
}

/** Same answer and same time for an unknown user, a wrong password and a suspended account. */
export type Authentication =
  | { readonly ok: true; readonly user: SessionUser; readonly credentialEpoch: number }
  | {
      readonly ok: false;
      readonly reason: 'INVALID_CREDENTIALS' | 'TOO_BUSY' | 'TOO_MANY_ATTEMPTS';
      /** Of TOO_MANY_ATTEMPTS. */
      readonly retryAfterSeconds?: number;
    };

/** The live sessions of all. Those of one person are told apart from everyone's by the caller's own id, never by the handle. */
export interface SessionsPort {
  /** A page of them, newest activity first. Refuses a cursor that is none with INVALID_INPUT. */
  listByUser(userId: string, page: SessionPageInput): Promise<SessionPage>;
  /** Ends one session, of this user if one is named. false: there is no such session, or it is not theirs, which is the same. */
  revoke(handle: string, options?: { ofUser: string }): Promise<boolean>;
  /** Ends the sessions of a user, but the one that asks; returns how many. */
  revokeByUser(userId: string): Promise<number>;
  /** Ends everyone's, the one that asks too; returns how many. */
  revokeAll(): Promise<number>;
}

export type PasswordChange =
  | { readonly ok: true; readonly ended: number; readonly credentialEpoch: number }
  | { readonly ok: false; readonly problems: { readonly password: string[] } };

/** Methods that take a user id refuse with NOT_FOUND where there is no such account. */
export interface AccountsPort {
  /** Verifies a password, if this caller may try one now. Each call is an attempt of its own, alone or in a batch. */
  authenticate(credentials: { identifier: string; password: string }): Promise<Authentication>;
  /** The password of whoever is signed in, once more; an attempt as well, against the device or the session. */
  verifyPassword(userId: string, password: string): Promise<Authentication>;
  /** Ends the user's other sessions. Refuses with CONFLICT where the credentials are no longer those that were verified. */
  changePassword(userId: string, password: string, options: { ifCredentialEpoch: number }): Promise<PasswordChange>;
  getUser(userId: string): Promise<SessionUser | undefined>;
  /** By user name or e-mail address, in any case. */
  findUser(identifier: string): Promise<SessionUser | undefined>;
  /** By user name. */
  listUsers(options: { after: string | undefined }): Promise<UserPage>;
  setRole(userId: string, role: Role): Promise<SessionUser>;
  /** Suspending ends all of the user's sessions; `ended` says how many. */
  setStatus(userId: string, status: AccountStatus): Promise<{ user: SessionUser; ended: number }>;
  /** Forgets the failed sign-ins that slow the account down, its devices' too. */
  unlock(userId: string): Promise<void>;
  /** With its sessions; `ended` says how many. */
  deleteUser(userId: string): Promise<{ ended: number }>;
  updateProfile(userId: string, profile: ProfileInput): Promise<SessionUser>;
  recentActivity(userId: string, options: { limit: number }): Promise<Activity[]>;
  /** Of everyone, newest first, a page at a time. */
  audit(filter: AuditPageInput): Promise<NamedAuditPage>;
  overview(): Promise<Overview>;
}

/** What the host saw of the HTTP request that carries this call. */
export interface CallFacts {
  /** It carries `X-Requested-With: XMLHttpRequest`. */
  readonly ajax: boolean;
  /** `Origin` or `Sec-Fetch-Site` say that another site sent it. */
  readonly crossSite: boolean;
  /** `X-Gatehouse-User`: the id of the user that it was made for. undefined: for whoever is signed in. */
  readonly madeForUser: string | undefined;
}
