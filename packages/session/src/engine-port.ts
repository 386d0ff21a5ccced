import type { SessionTimestamps } from './policy.ts';
import type { SecretCheck } from './secrets.ts';
import type { LiveSession, SessionRecord, SessionSecrets, StoredData } from './session-record.ts';

export type { SessionUser } from '@gatehouse/contract';
export type { Lifetimes, SessionTimestamps } from './policy.ts';
export type { Json, LiveSession, SessionRecord, SessionSecrets, StoredData } from './session-record.ts';

/**
 * The client of a request, for the device list; written with the activity, so at most once per activity interval. Well-formed text
 * without control characters: databases refuse other text, each another.
 */
export interface ClientInfo {
  /** At most 64 characters. */
  readonly ip: string | null;
  /** At most 255 characters. */
  readonly userAgent: string | null;
}

export interface LoadRequest {
  /** Hash of the secret in the cookie. */
  readonly secretHash: string;
  /** Who asks, if this request is activity: the activity is written in the same call when it is due. Default: it is not. */
  readonly client?: ClientInfo | undefined;
}

export type LoadOutcome =
  | (LiveSession & {
      readonly status: 'live';
      /** This load wrote activity or a new expiry: the cookie is due too. */
      readonly slid: boolean;
      /** Which of the session's secrets was presented: only the current one may rotate. */
      readonly secret: Exclude<SecretCheck, 'refused'>;
    })
  /** Its time is over; whether it was purged yet makes no difference to anyone. */
  | { readonly status: 'expired' }
  /** Never stored, ended, another secret, or its user is gone, suspended or has newer credentials. */
  | { readonly status: 'absent' }
  /** This browser has signed in since: that session has taken the place of this one. */
  | ({ readonly status: 'claimed' } & Claim);

/** Which session has taken the place of a claimed one. */
export interface Claim {
  readonly successor: string;
  /** Epoch milliseconds. */
  readonly claimedAtMs: number;
}

export interface SessionUpdate {
  readonly expectedVersion: number;
  /** All of them are written, `createdAtMs` too: a re-authentication begins every age anew. */
  readonly timestamps: SessionTimestamps;
  /** Default: as it is. */
  readonly data?: StoredData;
  /** Changes the secret, which ends the one before: acknowledged like an end. Default: as it is. */
  readonly secrets?: SessionSecrets;
  /** The account's epoch, of a user who has just proved who they are. The update is refused unless it is the account's now. Default: as it is. */
  readonly credentialEpoch?: number;
  /** Default: as it is. */
  readonly client?: ClientInfo | undefined;
}

export type UpdateOutcome =
  | { readonly status: 'updated' }
  /** Someone else wrote first: read again, apply the change to what is there, try again. */
  | { readonly status: 'conflict' }
  /** Ended, expired, claimed, or the account does not have the epoch that was given. There is no way to write it back. */
  | { readonly status: 'gone' };

export interface ClaimRequest {
  /** Of the session that takes the place. */
  readonly successor: string;
  /** The version from which data was carried over: a change since then is a conflict. Only for a session that nobody has claimed. */
  readonly expectedVersion?: number;
  /** The claim to take over; it must still be this one. Default: there must be none. */
  readonly expectedSuccessor?: string;
}

export type ClaimOutcome =
  | { readonly status: 'claimed' }
  | { readonly status: 'conflict' }
  /** Another sign-in has claimed it. */
  | ({ readonly status: 'taken' } & Claim)
  /** Ended or expired. */
  | { readonly status: 'gone' };

export interface CreateOptions {
  /** Stores it as claimed by this session from the start: it is only a pointer, which no list and no count knows. */
  readonly successor?: string;
}

export interface DestroyOptions {
  /** Ends it only if it is a session of this user. */
  readonly ofUser?: string;
}

export interface SessionPage {
  readonly sessions: LiveSession[];
  /** Give it as `after` for the next page; undefined on the last. */
  readonly next: string | undefined;
}

export interface PageRequest {
  /** Sessions in a page at most; 1 or more. */
  readonly limit: number;
  /** `next` of the page before. Default: from the beginning. */
  readonly after?: string;
}

export interface DestroyByUserOptions {
  /** The session that stays. */
  readonly exceptHandle?: string;
  /**
   * The credential epoch that the session which stays is given: the one that the account is about to have. Default: it keeps its own.
   * Engines in the database leave this to the transaction that changes the account.
   */
  readonly exceptEpoch?: number;
  /** The caller raises the user's credential epoch next: what is too many for one statement is left to that, and not counted. */
  readonly epochRises?: boolean;
}

export interface LeaseRequest {
  /** What it is for. */
  readonly name: string;
  /** Random, made for one piece of work. */
  readonly owner: string;
  /** Milliseconds from now; 0 gives it back. */
  readonly forMs: number;
}

/** An engine's Redis, for what counts sign-in attempts. Each method is one command on one node. */
export interface SharedRedis {
  readonly commands: {
    get(key: string): Promise<string | null>;
    /** Scripts: a key, and what the script says of its arguments (engines/redis/limit-scripts.ts). */
    swapLimit(key: string, args: readonly (string | number)[]): Promise<unknown>;
    removeLimits(key: string, args: readonly (string | number)[]): Promise<unknown>;
  };
  /** Before every key. */
  readonly prefix: string;
}

/**
 * Where sessions are stored, one record each. There is no upsert: a session is created once, and from then on only updated while it
 * exists, so that no slow request can bring an ended session back (https://github.com/expressjs/session/issues/632). A rotation, a
 * re-authentication and a data change are each a compare-and-set on that one record, and ending is deleting it: no order of two of them
 * brings an ended session back. docs/races.md says who wins for every pair.
 *
 * Every method answers from live sessions only, by the clock the engine was opened with, and throws when the storage cannot answer: an
 * engine never turns an error into "no session". An outage is a StorageUnavailableError, or an error of the database that
 * `isDatabaseUnavailable` knows; any other error says that the data or the code is wrong, and is never answered as an outage. Handles,
 * user ids and hashes are non-empty strings. Attributes of a user are given as they are stored; `openEngine` puts the schema over them.
 * The conformance suite (`@gatehouse/session/conformance`) holds every engine to this.
 */
export interface Engine {
  readonly name: string;

  /** Its sessions are rows beside the accounts: what ends with an account ends in the same transaction. Else the engine is told. */
  readonly inDatabase: boolean;

  /** Where it keeps them, if that is Redis alone: what all servers share besides may be kept there, too, under the same prefix. */
  readonly redis?: SharedRedis;

  /** A handle for a new session of this user; null: of nobody. Where sessions lie on several servers it says on which. */
  newHandle(userId: string | null): Promise<string>;

  /**
   * Stores a new session. If its user then has more than `limitPerUser`, those that were not used for the longest end in the same step,
   * and never the new one. Throws if the handle is taken.
   * false: its user is gone or suspended, or has newer credentials; nothing is stored.
   */
  create(record: SessionRecord, options?: CreateOptions): Promise<boolean>;

  /**
   * The session whose cookie was presented. Writes the activity if it is due, by one of several requests at once and never over a change
   * that was made meanwhile, and when its current secret was first presented.
   */
  load(handle: string, request: LoadRequest): Promise<LoadOutcome>;

  /** A live session by its public id, for administration and to try a change again. Never from a copy that may be old. */
  find(handle: string): Promise<LiveSession | undefined>;

  /** Writes if the session is live, unclaimed and unchanged since `expectedVersion`; raises the version. */
  update(handle: string, update: SessionUpdate): Promise<UpdateOutcome>;

  /** Writes timestamps (and the client) if the session is live; false if it is not. Data and version stay. */
  touch(handle: string, timestamps: SessionTimestamps, client?: ClientInfo): Promise<boolean>;

  /**
   * A session that was signed in from this one takes its place: it is not live any more. The record stays until its time is over, so that
   * a sign-out with its cookie ends the successor too.
   */
  claim(handle: string, request: ClaimRequest): Promise<ClaimOutcome>;

  /**
   * Ends one session, and the one that has claimed it. Also where its record is gone already, but the end was not acknowledged: repeat
   * it until it succeeds. false: there was none that was live, or it is another user's.
   */
  destroy(handle: string, options?: DestroyOptions): Promise<boolean>;

  /**
   * A page of a user's sessions, newest activity first; where that is equal, by handle. No session is in two pages, and one that is
   * not used meanwhile is in one of them; one that is used moves to the front: `sessionsOfUser` finds it as well. `next` says nothing
   * but what the list says. Default: the first 100. @throws TypeError if `after` is not `next` of a page.
   */
  listByUser(userId: string, page?: PageRequest): Promise<SessionPage>;

  /** All of them, a page at a time, in a stable order of no meaning. */
  list(page: PageRequest): Promise<SessionPage>;

  /**
   * Ends all sessions of a user but one, at once however many they are; returns how many. More than a thousand in a database are ended
   * by raising the user's credential epoch: a sign-in whose password was checked before that is refused. Before the first of them ends,
   * adoption is refused for this user.
   */
  destroyByUser(userId: string, options?: DestroyByUserOptions): Promise<number>;

  /** Ends everyone's; returns how many. Before the first of them ends, adoption is refused for everyone. */
  destroyAll(): Promise<number>;

  /**
   * Whether all sessions of this user, or everyone's, have been ended at once. A session of an earlier app that was not adopted yet
   * has ended with them. Ask again once the adopted session is stored: whoever ends all sees either that or has set the mark.
   */
  refusesAdoption(userId: string): Promise<boolean>;

  /** Live sessions, and how many users have one. */
  count(): Promise<{ sessions: number; users: number }>;

  /**
   * Removes at most `batch` sessions whose stored expiry has passed; returns how many it removed. 0 = done. One that
   * shortened settings have ended sooner is never served, and goes when its stored expiry passes.
   */
  purgeExpired(batch: number): Promise<number>;

  /**
   * Takes or renews a lease that all processes on this storage share; true if the owner has it. It can be taken once its
   * time is over, whatever became of its holder. It saves work and guards nothing: clocks differ, and a holder may be late.
   */
  lease(request: LeaseRequest): Promise<boolean>;

  /**
   * An account has changed: what the engine has copied of it is not used any more when the promise resolves, and the secrets from before
   * its sessions' last rotations are refused. In the database the transaction that changes the account does both.
   */
  userChanged(userId: string): Promise<void>;

  /**
   * An account is about to change. Until `endUserChange` with the token that this gives, no copy of the user is used or made. It stands
   * however long the change takes, and if its owner dies it makes loads slower and nothing wrong. Of no effect in the database.
   */
  beginUserChange(userId: string): Promise<string>;

  endUserChange(userId: string, token: string): Promise<void>;

  close(): Promise<void>;
}
