import type { Claim, Engine } from '../engine-port.ts';
import type { SessionRecord } from '../session-record.ts';

/** A stored record as it is copied: with the hash of its secret, its times and its version. */
export interface CopiedSession {
  readonly record: SessionRecord;
  /** undefined: it is live. Otherwise it only refers to another session. */
  readonly claim: Claim | undefined;
}

/** What a copy has stored, so that a later copy knows what has happened to it since. */
export interface JournalEntry {
  /** The session's handle in the source. */
  readonly handle: string;
  /** Its handle in the target. */
  readonly target: string;
  /** See fingerprint.ts. */
  readonly fingerprint: string;
  /** When the copy expires if it is not used. From then on, a missing copy need not have been ended. Epoch milliseconds. */
  readonly copyExpiresAtMs: number;
  /** When the session has expired in any case, so that the entry is not needed any more. Epoch milliseconds. */
  readonly expiresAtMs: number;
}

/** Which sessions were copied to this storage. It is kept there, so that any process can continue a copy. */
export interface CopyJournal {
  get(handles: readonly string[]): Promise<ReadonlyMap<string, JournalEntry>>;
  /** `before`: the entries that these replace. */
  put(entries: readonly JournalEntry[], before: ReadonlyMap<string, JournalEntry>): Promise<void>;
  remove(entries: readonly JournalEntry[]): Promise<void>;
  pages(): AsyncGenerator<readonly JournalEntry[]>;
  /** Removes entries that are not needed any more. */
  purge(): Promise<void>;
  /** Removes all entries. */
  clear(): Promise<void>;
}

/** A session to store, and its handle here. */
export interface PlacedSession extends CopiedSession {
  readonly target: string;
}

/**
 * What copying needs of a storage besides its engine: raw records, also of claimed sessions. It neither checks nor changes accounts: whether
 * a session's user may have it is decided whenever the session is loaded.
 */
export interface CopyStorage {
  readonly engine: Engine;
  readonly journal: CopyJournal;
  /**
   * Default: all sessions.
   * @throws NewerFormatError if a newer version has stored one of them, which this version could misread or overwrite
   */
  assertReadable(handles?: readonly string[]): Promise<void>;
  /** Claimed sessions that have not expired. */
  claimed(): AsyncGenerator<readonly CopiedSession[]>;
  /** The handle that a session has here. A user's sessions may have to be in one place: see `Engine.newHandle`. */
  place(session: CopiedSession): Promise<string>;
  /** Reads raw records, live or not, by their handles here. */
  read(handles: readonly string[]): Promise<ReadonlyMap<string, CopiedSession>>;
  /** Stores new records. @returns the handles here that were refused, because they exist already or their user does not */
  create(sessions: readonly PlacedSession[]): Promise<ReadonlySet<string>>;
  /** Replaces a record if it is still as it was read. */
  replace(session: PlacedSession, before: CopiedSession): Promise<boolean>;
  /** Makes the handles of the source lead to the sessions here, if they are not the same. May be repeated. */
  link(sessions: readonly PlacedSession[]): Promise<void>;
  /** Removes records and what leads to them, by their handles in the source. Does not end the successors of claimed sessions. */
  remove(sessions: readonly { readonly handle: string; readonly target: string; readonly isClaimed: boolean }[]): Promise<void>;
  close(): Promise<void>;
}
