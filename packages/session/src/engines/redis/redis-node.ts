/** A server that accepts writes. */
export interface RedisNode {
  /** `host:port`; for Sentinel's master, its name in Sentinel. */
  readonly name: string;
  /** Sends any command and returns the raw reply. */
  send(words: readonly string[]): Promise<unknown>;
}
