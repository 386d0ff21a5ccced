import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

/**
 * Tracks the streams piped into a response, so that none stays open when the response is dropped. Until the response
 * closes, the streams flow into nothing. `pipeline` then cleans up by itself; a plain `pipe` leaves its source open.
 */
export function trackSources(res: ServerResponse) {
  let sources: Set<Readable> | undefined;
  res.on('pipe', (source: Readable) => void (sources ??= new Set()).add(source));
  return {
    /** The response was dropped: close every source that is not read to its end when the response closes. */
    release(): void {
      const piped = sources;
      if (!piped) return;
      const giveUp = (): void => {
        for (const source of piped) if (!source.destroyed && !source.readableEnded) close(source);
      };
      if (res.closed) giveUp();
      else res.once('close', giveUp);
    },
  };
}

/** Destroying a transform, such as a compressor, would leave its own source open, so it is read to the end. */
function close(source: Readable): void {
  if ('write' in source) source.resume();
  else source.destroy();
}
