import type { SessionUser } from '@gatehouse/contract';
import type { SessionTimestamps } from './policy.ts';
import type { SecretCheck } from './secrets.ts';
import type { StoredSession, SessionRecord, SessionSecrets, StoredData } from './session-record.ts';

export type { SessionUser } from '@gatehouse/contract';
export type { Lifetimes, SessionTimestamps } from './policy.ts';
export type { Json, StoredSession, SessionRecord, SessionSecrets, StoredData } from './session-record.ts';

/**
 * The client of a request, shown in the device list. It is written together with activity, so at most once per activity
 * interval. Both texts are well-formed and have no control characters, because databases refuse some of those.
 */
export interface ClientInfo {
  /** At most 64 characters. */
  readonly ip: string | null;
  /** At most 255 characters. */
  readonly userAgent: string | null;
}

export interface LoadRequest {
  /** Hash of the secret in the cookie, base64url. */
  readonly secretHash: string;
  /** Set it if the request counts as activity. Due activity is then written in the same call. Default: no activity. */
  readonly client?: ClientInfo | undefined;
}

export type LoadOutcome =
  | (StoredSession & {
      readonly status: 'live';
      /** This load wrote activity or a new expiry, so the cookie is due too. */
      readonly slid: boolean;
      /** Which of the session's secrets was presented. Only the current one may rotate. */
      readonly secret: Exclude<SecretCheck, 'refused'>;
    })
  /** Past its expiry, whether it was purged or not. */
  | { readonly status: 'expired' }
  /** Never stored, ended, or presented with a wrong secret; or its user is deleted, suspended or has newer credentials. */
  | { readonly status: 'absent' }
  /** A later sign-in of this browser replaced this session. */
  | ({ readonly status: 'claimed' } & Claim);

/** The session that replaced a claimed one. */
export interface Claim {
  readonly successor: string;
  /** Epoch milliseconds; 0: it is the same session under another handle, and `openEngine` loads that one: see moved-session.ts. */
  readonly claimedAtMs: number;
}

export interface SessionUpdate {
  readonly expectedVersion: number;
  /** All of them are written, including `createdAtMs`: a re-authentication restarts every age. */
  readonly timestamps: SessionTimestamps;
  /** Default: unchanged. */
  readonly data?: StoredData;
  /** Changes the secret and invalidates the one before. It is acknowledged like an end. Default: unchanged. */
  readonly secrets?: SessionSecrets;
  /**
   * The account's epoch, when the user has just authenticated. The update is refused if the account has another epoch
   * by now. Default: unchanged.
   */
  readonly credentialEpoch?: number;
  /** Default: unchanged. */
  readonly client?: ClientInfo | undefined;
}

export type UpdateOutcome =
  /**
   * `isLate`: the storage had the change before it was acknowledged, because other processes had to drop their copies first. Another change
   * may have been acknowledged meanwhile.
   */
  | { readonly status: 'updated'; readonly isLate?: boolean }
  /** Another request wrote first. Read the session again, apply the change to it and try again. */
  | { readonly status: 'conflict' }
  /** Ended, expired or claimed, or the account has another epoch than `credentialEpoch`. The session cannot be written back. */
  | { readonly status: 'gone' };

export interface ClaimRequest {
  /** Handle of the session that replaces this one. */
  readonly successor: string;
  /** The version whose data was copied to the successor. A later change is a conflict. Only for a session without a claim. */
  readonly expectedVersion?: number;
  /** The successor to replace, which must still be the current one. Default: the session must have no claim. */
  readonly expectedSuccessor?: string;
}

export type ClaimOutcome =
  | { readonly status: 'claimed' }
  | { readonly status: 'conflict' }
  /** Another sign-in claimed it first. */
  | ({ readonly status: 'taken' } & Claim)
  /** Ended or expired. */
  | { readonly status: 'gone' };

export interface CreateOptions {
  /** Stores the record as already claimed by this session. It is a pointer, which is not listed and not counted. */
  readonly successor?: string;
}

export interface DestroyOptions {
  /** Only ends the session if it belongs to this user. Default: any user. */
  readonly ofUser?: string;
}

export interface SessionPage {
  readonly sessions: StoredSession[];
  /** Pass it as `after` to get the next page. undefined on the last page. */
  readonly next: string | undefined;
}

export interface PageRequest {
  /** Maximum number of sessions in a page, at least 1. */
  readonly limit: number;
  /** `next` of the previous page. Default: the first page. */
  readonly after?: string;
}

export interface DestroyByUserOptions {
  /** Handle of the session to keep. */
  readonly exceptHandle?: string;
  /**
   * The credential epoch to give to the kept session, which is the one that the account is about to have. Default: its
   * own. Engines in the database ignore it: the transaction that changes the account sets it.
   */
  readonly exceptEpoch?: number;
  /**
   * The caller raises the user's credential epoch next. Sessions that are too many for one statement are left to that
   * and not counted.
   */
  readonly epochRises?: boolean;
}

/** What a live connection must notice about its session. */
export interface PeekedSession {
  readonly userId: string | null;
  /** When it expires without further activity, epoch milliseconds. */
  readonly expiresAtMs: number;
  /** null: an anonymous session. */
  readonly user: SessionUser | null;
  /** Differs when a session of the same user began or ended. Compare it only with others of the same engine. */
  readonly listVersion: string;
}

/** Something may have changed: a session, the sessions or the account of a user, or any of them. */
export type ChangeHint = { readonly handle: string } | { readonly userId: string } | 'anything';

export interface ChangeListener {
  onHint(hint: ChangeHint): void;
  /** false: hints may be lost from now on, or were lost. Begins as false. */
  onConnected(isConnected: boolean): void;
}

export interface ChangeSubscription {
  close(): Promise<void>;
}

export interface NearCacheStats {
  readonly hits: number;
  readonly misses: number;
  /** In memory now. */
  readonly sessions: number;
}

export interface LeaseRequest {
  /** What the lease protects, such as `purge`. */
  readonly name: string;
  /** Random id of one run. */
  readonly owner: string;
  /** Duration in milliseconds; 0 releases the lease. */
  readonly forMs: number;
}

/** An engine's Redis, shared with the rate limits. Each method is one command on one node. */
export interface SharedRedis {
  readonly commands: {
    get(key: string): Promise<string | null>;
    /** Scripts. For their arguments see engines/redis/limit-scripts.ts. */
    swapLimit(key: string, args: readonly (string | number)[]): Promise<unknown>;
    removeLimits(key: string, args: readonly (string | number)[]): Promise<unknown>;
  };
  /** Prefix of every key. */
  readonly prefix: string;
}

/**
 * Stores sessions, one record each. There is no upsert: a session is created once, and then only updated while it
 * exists. So no slow request can bring an ended session back (https://github.com/expressjs/session/issues/632). A
 * rotation, a re-authentication and a data change are each a compare-and-set on the record; ending a session deletes
 * it. docs/races.md lists the result of every pair of concurrent operations.
 *
 * Every method considers only live sessions, by the clock that the engine was opened with. If the storage fails or times
 * out, the method throws; an engine never reports an error as "no session". An outage is a StorageUnavailableError
 * or a database error that `isDatabaseUnavailable` recognizes. Any other error is a mistake in the data or the code.
 * Handles, user ids and hashes are non-empty strings. A user's attributes are returned as stored; `openEngine` applies
 * the schema.
 *
 * Every engine must pass the conformance suite, `@gatehouse/session/conformance`.
 */
export interface Engine {
  readonly name: string;

  /**
   * Sessions are rows in the database of the accounts, so they can end in the transaction that changes the account. If
   * false, such changes must be announced to the engine.
   */
  readonly inDatabase: boolean;

  /**
   * The engine's Redis, if sessions are stored only there. Other data that servers share may be stored there under the
   * same prefix.
   */
  readonly redis?: SharedRedis;

  /**
   * Returns a handle for a new session of this user; null: an anonymous session. Where sessions are spread over several
   * servers, the handle says which one has it.
   */
  newHandle(userId: string | null): Promise<string>;

  /**
   * Stores a new session. If the user then has more than `limitPerUser` sessions, the least recently used ones end in
   * the same step, but never the new one.
   *
   * @returns false if the user is deleted or suspended, or has newer credentials. Nothing is stored then.
   * @throws Error if the handle is taken.
   */
  create(record: SessionRecord, options?: CreateOptions): Promise<boolean>;

  /**
   * Loads the session whose cookie was presented. Writes activity if it is due: only one of several concurrent requests
   * writes it, and never over another change. Also records the first time that the current secret is presented.
   */
  load(handle: string, request: LoadRequest): Promise<LoadOutcome>;

  /** Returns a live session by its handle, for administration and for retrying a change. Never returns a possibly stale copy. */
  find(handle: string): Promise<StoredSession | undefined>;

  /**
   * Reads which of these sessions are live, and what a live connection must notice about each. A session that is not in
   * the result has ended, has expired, or cannot be served. Not activity, and never possibly stale. Few requests, however
   * many handles: each process calls it a few times a second at most.
   */
  peek(handles: readonly string[]): Promise<ReadonlyMap<string, PeekedSession>>;

  /**
   * Reports changes by any process on this storage, as they happen. Hints may be lost, repeated or wrong: `peek` returns
   * the actual state. An engine without it is polled: see session-feed.ts.
   */
  readonly subscribe?: (listener: ChangeListener) => ChangeSubscription;

  /** For the metrics: loads since the start that the near cache of this process served, and all others. Default: it has none. */
  readonly nearCache?: () => NearCacheStats;

  /** Updates the session if it is live, unclaimed and still has `expectedVersion`. Increments the version. */
  update(handle: string, update: SessionUpdate): Promise<UpdateOutcome>;

  /**
   * Writes timestamps and, if given, the client. Data and version stay.
   *
   * @returns false if the session is not live.
   */
  touch(handle: string, timestamps: SessionTimestamps, client?: ClientInfo): Promise<boolean>;

  /**
   * Marks the session as replaced by a newer one of the same browser, so that it is no longer live. The record stays
   * until it expires, so that a sign-out with its cookie ends the successor too.
   */
  claim(handle: string, request: ClaimRequest): Promise<ClaimOutcome>;

  /**
   * Ends a session and the one that claimed it. If an earlier call failed before it was acknowledged, repeat it until
   * it succeeds: it also succeeds when the record is already gone.
   *
   * @returns false if no such session was live, or if it belongs to another user than `ofUser`.
   */
  destroy(handle: string, options?: DestroyOptions): Promise<boolean>;

  /**
   * Returns a page of a user's sessions, ordered by activity (newest first) and then by handle. No session is in two
   * pages. A session that is used while the pages are read moves to the front and may be missed; `sessionsOfUser` finds
   * it. Default: the first 100.
   *
   * @throws TypeError if `after` is not the `next` of a page.
   */
  listByUser(userId: string, page?: PageRequest): Promise<SessionPage>;

  /** Returns a page of all sessions, in a stable but arbitrary order. */
  list(page: PageRequest): Promise<SessionPage>;

  /**
   * Ends all sessions of a user, except one if given. Adoption is refused for this user before the first session ends.
   * More than a thousand sessions in a database are ended by raising the user's credential epoch; a sign-in whose
   * password was checked before that is refused.
   *
   * @returns how many were live.
   */
  destroyByUser(userId: string, options?: DestroyByUserOptions): Promise<number>;

  /** Ends the sessions of all users and refuses adoption from then on. @returns how many were live. */
  destroyAll(): Promise<number>;

  /**
   * Whether all sessions of this user, or of everyone, were ended at once. If so, sessions of an earlier app that were
   * not adopted yet have ended too. Call it again after storing an adopted session: the call that ends all sessions either
   * deletes that session or has set this mark before.
   */
  refusesAdoption(userId: string): Promise<boolean>;

  /** Counts live sessions, and the users who have at least one. */
  count(): Promise<{ sessions: number; users: number }>;

  /** Counts the live sessions of each of these users, at most a few hundred. Users without one are not in the result. */
  countByUsers(userIds: readonly string[]): Promise<ReadonlyMap<string, number>>;

  /** Returns ids of users with a live session, in no particular order. */
  signedInUsers(limit: number): Promise<string[]>;

  /** Counts live sessions that expire by then if they are not used again, as stored. Stops at `limit`. */
  countExpiring(byMs: number, limit: number): Promise<number>;

  /**
   * Removes at most `batch` sessions whose stored expiry has passed. A session that ended earlier because an age was
   * shortened is not served, but is only removed after its stored expiry.
   *
   * @returns how many were removed; 0 when there are none left.
   */
  purgeExpired(batch: number): Promise<number>;

  /**
   * Acquires or renews a lease that all processes on this storage share. An expired lease can be acquired by anyone. A
   * lease saves duplicate work and is not a lock: clocks differ, and a holder may be late.
   *
   * @returns true if the owner holds the lease.
   */
  lease(request: LeaseRequest): Promise<boolean>;

  /**
   * Announces that an account has changed. When the promise resolves, the engine no longer uses older copies of the
   * account, and it refuses secrets from before the last rotation of each of the user's sessions. In the database, the
   * transaction that changes the account does both.
   */
  userChanged(userId: string): Promise<void>;

  /**
   * Announces that an account is about to change. Until `endUserChange` is called with the returned token, no copy of
   * the user is used or stored. If the caller dies, loads become slower for a while but stay correct. No effect in the
   * database.
   */
  beginUserChange(userId: string): Promise<string>;

  endUserChange(userId: string, token: string): Promise<void>;

  /**
   * When the app's expiry policy ends this session, epoch milliseconds; Infinity: not by the policy. Only an engine of `withExpiryPolicy`
   * has it. @throws ExpiryPolicyError
   */
  readonly policyEndMs?: (session: StoredSession) => number;

  close(): Promise<void>;
}
