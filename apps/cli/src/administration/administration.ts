import type { UserChanges } from '@gatehouse/accounts';
import type { AccountStatus, Role, SessionUser, UserRow, UserSearch, UserSearchInput } from '@gatehouse/contract';
import type { SessionSummary } from '../session-summary.ts';

/** An account as administrators see it. */
export interface DescribedUser extends Omit<UserRow, 'isLocked' | 'sessions'> {
  /** null: the secret of the server is not known here, so it cannot be found out. */
  readonly isLocked: boolean | null;
  /** null: sessions are in the memory of the server. */
  readonly sessions: number | null;
}

/** A session in a list. */
export interface SummarizedSession extends Omit<SessionSummary, 'user' | 'absoluteExpires'> {
  readonly user: Pick<SessionUser, 'id' | 'username' | 'name' | 'role'> | null;
  /** Only in the database: a server does not list it. */
  readonly absoluteExpires?: Date;
}

/** A session with its decoded data. Never has the secret of its cookie or the secret's hash. */
export interface DescribedSession {
  readonly session: SummarizedSession & { readonly absoluteExpires: Date };
  readonly data: Readonly<Record<string, unknown>>;
  /** Names in `data` whose value is null here, because it is a secret by its name or form, or very long. */
  readonly hidden: readonly string[];
}

export interface SessionList {
  readonly sessions: readonly SummarizedSession[];
  /** All live ones, including those beyond the limit; null if a server did not count them. */
  readonly total: number | null;
}

/**
 * What administrators do, by the same commands in the configured storage or, with `--url`, on a server. Methods that take a user id throw
 * an error that `explainError` knows if there is no such account.
 */
export interface Administration {
  /** By user name or e-mail address. */
  findUser(identifier: string): Promise<SessionUser | undefined>;
  describeUser(userId: string): Promise<DescribedUser | undefined>;
  searchUsers(search: Omit<UserSearchInput, 'signedIn'>): Promise<Omit<UserSearch, 'users'> & { readonly users: readonly DescribedUser[] }>;
  /** All or none. @throws Failure INVALID_INPUT with what is wrong */
  updateUser(userId: string, changes: UserChanges): Promise<SessionUser>;
  setRole(userId: string, role: Role): Promise<SessionUser>;
  setStatus(userId: string, status: AccountStatus): Promise<{ user: SessionUser; ended: number }>;
  deleteUser(userId: string): Promise<{ ended: number }>;
  unlockUser(user: SessionUser): Promise<void>;
  /** Most recently used first, as far as they were read. */
  listSessions(options: { readonly userId?: string | undefined; readonly limit: number }): Promise<SessionList>;
  describeSession(handle: string): Promise<DescribedSession | undefined>;
  /** false: there is no such live session. */
  revokeSession(handle: string): Promise<boolean>;
  /** On a server, all but the own session. @returns how many were live */
  revokeOfUser(userId: string): Promise<number>;
  revokeAll(): Promise<number>;
}

/** Users per page of a search. */
export const MAX_SEARCH_PAGE = 100;
