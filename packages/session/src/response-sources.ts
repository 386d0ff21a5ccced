import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

/**
 * Knows the streams that are piped into a response, so that none stays open when its answer is dropped. Until the response closes
 * they flow on into nothing; `pipeline` then cleans up after itself, a plain `pipe` leaves its source open.
 */
export function trackSources(res: ServerResponse) {
  const sources = new Set<Readable>();
  res.on('pipe', (source: Readable) => void sources.add(source));
  return {
    /** The answer was dropped: whatever is not read to its end by the time the response closes is given up. */
    release(): void {
      if (sources.size === 0) return;
      const giveUp = (): void => {
        for (const source of sources) if (!source.destroyed && !source.readableEnded) close(source);
      };
      if (res.closed) giveUp();
      else res.once('close', giveUp);
    },
  };
}

/** What feeds a transform, a compressor say, would stay open if that was destroyed: it is read to the end instead. */
function close(source: Readable): void {
  if ('write' in source) source.resume();
  else source.destroy();
}
