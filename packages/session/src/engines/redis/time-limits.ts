/** How long Redis is waited for, in parts of what a request may take at most. */
export interface TimeLimits {
  /** For the first connection, until the start is given up. */
  readonly openMs: number;
  readonly connectMs: number;
  /** Silent for so long with a question open, a server is not there. */
  readonly silentMs: number;
  /** So that a quiet connection is not taken for a silent server. */
  readonly pingMs: number;
  /** While Sentinel names no master: as long as a server that hangs is waited for, which is until a ping is not answered either. */
  readonly heldBackMs: number;
  /**
   * For replicas to acknowledge. One that does not within this is not there. Well below the silence, also where the process that listens has
   * no time, and twice it below a request's limit.
   */
  readonly waitMs: number;
  /** For a batch that went to a node that is gone. */
  readonly giveUpMs: number;
  /** For a slot of a cluster that is on its way to another node. */
  readonly movingMs: number;
}

/** SESSION_STORAGE_TIMEOUT's. */
const USUAL_MS = 2000;

export const timeLimits = (timeoutMs: number = USUAL_MS): TimeLimits => ({
  openMs: timeoutMs * 1.5,
  connectMs: timeoutMs * 0.5,
  silentMs: timeoutMs * 0.4,
  pingMs: timeoutMs * 0.15,
  heldBackMs: timeoutMs * 0.5,
  waitMs: Math.round(timeoutMs * 0.25),
  giveUpMs: timeoutMs * 0.45,
  movingMs: timeoutMs * 0.5,
});
