/** A response that stays open. */
export interface OpenStream {
  /** The session; else the address of the client. Its streams are limited. */
  readonly session: string;
  readonly userId: string | undefined;
  /** Ends the response, because the server stops. */
  readonly stop: () => void;
}

/** A browser needs one stream for all its tabs. An app may have some of its own. */
export const MAX_STREAMS_PER_SESSION = 20;
/** On all of a user's devices, on one server process. */
export const MAX_STREAMS_PER_USER = 100;

export interface OpenStreams {
  readonly size: number;
  readonly isStopping: boolean;
  /** undefined: too many are open. Call the returned function when the stream is closed. */
  open(stream: OpenStream): (() => void) | undefined;
  /** Ends all streams, and refuses others. */
  stop(): void;
}

/** Counts the streams of this process, so that nobody exhausts it, and ends them when it stops. */
export function createOpenStreams(): OpenStreams {
  const streams = new Set<OpenStream>();
  const counts = new Map<string, number>();
  let isStopping = false;

  const count = (key: string, by: number): void => {
    const after = (counts.get(key) ?? 0) + by;
    if (after > 0) counts.set(key, after);
    else counts.delete(key);
  };

  return {
    get size() {
      return streams.size;
    },
    get isStopping() {
      return isStopping;
    },
    open(stream) {
      const limits: [string, number][] = [[`session ${stream.session}`, MAX_STREAMS_PER_SESSION]];
      if (stream.userId !== undefined) limits.push([`user ${stream.userId}`, MAX_STREAMS_PER_USER]);
      if (limits.some(([key, max]) => (counts.get(key) ?? 0) >= max)) return undefined;
      for (const [key] of limits) count(key, 1);
      streams.add(stream);
      return () => {
        if (!streams.delete(stream)) return;
        for (const [key] of limits) count(key, -1);
      };
    },
    stop() {
      isStopping = true;
      for (const { stop } of streams) stop();
    },
  };
}
