import type { SessionUser } from '@gatehouse/contract';
import type { Clocks } from './policy.ts';
import type { LiveSession, SessionRecord, StoredData } from './session-record.ts';

export type { SessionUser } from '@gatehouse/contract';
export type { Clocks, Lifetimes } from './policy.ts';
export type { Json, LiveSession, SessionRecord, StoredData } from './session-record.ts';

/**
 * Who came, for the device list; written with the activity, so at most once per activity interval. Well-formed text without control
 * characters: databases refuse other text, each another.
 */
export interface Visit {
  /** At most 64 characters. */
  readonly ip: string | null;
  /** At most 255 characters. */
  readonly userAgent: string | null;
}

export type LoadOutcome =
  | (LiveSession & {
      readonly status: 'live';
      /** This load wrote activity or a new expiry: the cookie is due too. */
      readonly slid: boolean;
    })
  /** Its time is over; whether the row was purged yet makes no difference to anyone. */
  | { readonly status: 'expired' }
  /** Never stored, ended, its user gone, suspended or with newer credentials. */
  | { readonly status: 'absent' };

export interface DataUpdate {
  readonly expectedVersion: number;
  readonly data: StoredData;
  readonly clocks: Clocks;
}

export type UpdateOutcome =
  | { readonly status: 'updated' }
  /** Someone else wrote first: load again, apply the change to what is there, try again. */
  | { readonly status: 'conflict' }
  /** Ended or expired. There is no way to write it back. */
  | { readonly status: 'gone' };

export interface CreateOptions {
  /** Key of the session that this one takes the place of. */
  readonly replaces?: string;
  /**
   * Only if that one, or what has taken its place already, is live: a session whose id is changed goes on, and one that was
   * ended meanwhile does not come back under another id.
   */
  readonly onlyIfLive?: boolean;
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
  readonly exceptKey?: string;
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

export interface Bar {
  /** Random, of one change: two at once have a bar each. */
  readonly owner: string;
  /** Milliseconds from now, after which it is over whatever became of its owner; 0 takes it away. */
  readonly forMs: number;
}

/**
 * Where sessions are stored. There is no upsert: a session is created once, and from then on only updated or
 * touched while it exists, so that no slow request can bring an ended session back.
 * https://github.com/expressjs/session/issues/632
 *
 * Every method answers from live sessions only, by the clock the engine was opened with, and throws when the
 * storage cannot answer: an engine never turns an error into "no session". An outage is a StorageUnavailableError, or an error of the
 * database that `isDatabaseUnavailable` knows; any other error says that the data or the code is wrong, and is never answered as an outage. Handles, user ids and keys are
 * non-empty strings. Attributes of a user are given as they are stored; `openEngine` puts the schema over them. The conformance suite (`@gatehouse/session/conformance`) holds every engine to this.
 */
export interface Engine {
  readonly name: string;

  /** Its sessions are rows beside the accounts: what ends with an account ends in the same transaction. Else the engine is told. */
  readonly inDatabase: boolean;

  /** Where it keeps them, if that is Redis alone: what all servers share besides may lie there, too, under the same prefix. */
  readonly redis?: SharedRedis;

  /**
   * Stores a new session and ends the one it replaces, both or neither. If its user has more than `limitPerUser` with it, those that
   * were not used for the longest end in the same step, and never the new one; a rotation (`onlyIfLive`) adds none.
   * `replaces` also ends what replaced that one already, so that two sign-ins of one browser leave one session; it may
   * be gone, or the record's own key. Throws if the key or the handle is taken by another session.
   * false: its user is gone or suspended, or has newer credentials, or what it replaces was to be live and is not; nothing is stored.
   */
  create(record: SessionRecord, options?: CreateOptions): Promise<boolean>;

  /**
   * With a visit, the activity is written in the same call when it is due: by one of several visits at once, and never
   * over a change that was made meanwhile.
   */
  load(key: string, visit?: Visit): Promise<LoadOutcome>;

  /** Writes data and clocks if the session is live and unchanged since `expectedVersion`. */
  update(key: string, update: DataUpdate): Promise<UpdateOutcome>;

  /** Writes clocks (and the visit) if the session is live; false if it is not. Data and version stay. */
  touch(key: string, clocks: Clocks, visit?: Visit): Promise<boolean>;

  /**
   * Ends one session, and the one that has taken its place: whoever signs out with an id that was changed a moment ago means both.
   * false: there was none that was live.
   */
  destroy(key: string): Promise<boolean>;

  /** Another session has taken the place of this one, and is live. */
  isReplaced(key: string): Promise<boolean>;

  findByHandle(handle: string): Promise<LiveSession | undefined>;

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

  /**
   * For while a user's sessions are ended because the account changes: what is stored of sessions meanwhile would outlive the change. No
   * session is made (`create` throws: the browser is to try again) but one that a live one goes on as, and no copy of one. Of no effect
   * where the two are one transaction.
   */
  bar(userId: string, bar: Bar): Promise<void>;

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

  /** An account changed: whatever the engine keeps of it is renewed before the promise resolves. The user with all stored attributes, also those of other versions. */
  userChanged(user: SessionUser): Promise<void>;

  close(): Promise<void>;
}
