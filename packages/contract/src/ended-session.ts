/** A session that expired, or that was evicted because its user had too many. */
export interface EndedSession {
  readonly handle: string;
  readonly userId: string;
  /** When it expired; if the storage no longer knows that, when it was deleted. */
  readonly at: Date;
}

/** The result of one purge step. */
export interface ExpiredBatch {
  /** Sessions that had a user. Two concurrent purges may both report the same session. */
  readonly sessions: readonly EndedSession[];
  /** Number of sessions that this purge deleted, including anonymous ones. Concurrent purges never count the same session. */
  readonly removed: number;
}
