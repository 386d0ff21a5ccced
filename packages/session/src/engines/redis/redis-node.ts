/** One server that is written to. */
export interface RedisNode {
  /** `host:port`; of Sentinel's master, the name it has there. */
  readonly name: string;
  /** Any command, its reply as Redis gives it. */
  send(words: readonly string[]): Promise<unknown>;
}
