/** Timeouts for Redis, as fractions of a request's time limit. Milliseconds. */
export interface TimeLimits {
  /** For the first connection, at the start of the process. */
  readonly openMs: number;
  readonly connectMs: number;
  /** A server that does not reply for this long, with commands in flight, is considered dead. */
  readonly silentMs: number;
  /** Interval of pings, so that an idle connection does not time out. */
  readonly pingMs: number;
  /** While Sentinel names no master. As long as it takes to notice a hanging server, including an unanswered ping. */
  readonly heldBackMs: number;
  /**
   * For replicas to acknowledge; a slower one counts as missing. Well below `silentMs`, even if this process is busy,
   * and twice this value is below a request's limit.
   */
  readonly waitMs: number;
  /** For a batch sent to a node that is down. */
  readonly giveUpMs: number;
  /** For a cluster slot that is being moved. */
  readonly movingMs: number;
}

/** Default of SESSION_STORAGE_TIMEOUT. */
export const DEFAULT_TIMEOUT_MS = 2000;

export const timeLimits = (timeoutMs: number = DEFAULT_TIMEOUT_MS): TimeLimits => ({
  openMs: timeoutMs * 1.5,
  connectMs: timeoutMs * 0.5,
  silentMs: timeoutMs * 0.4,
  pingMs: timeoutMs * 0.15,
  heldBackMs: timeoutMs * 0.5,
  waitMs: Math.round(timeoutMs * 0.25),
  giveUpMs: timeoutMs * 0.45,
  movingMs: timeoutMs * 0.5,
});
