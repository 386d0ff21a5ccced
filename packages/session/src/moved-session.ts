import type { LoadOutcome, LoadRequest } from './engine-port.ts';

/**
 * `claimedAtMs` of a record that leads to the same session under another handle. No sign-in has replaced it; a copy from another storage has
 * given it the other handle.
 */
export const MOVED = 0;

/** A session is moved by each copy at most once, so this is more than any real chain. */
const MAX_MOVES = 8;

/** Loads the session itself if this record refers to it. The cookie that it then writes has the other handle. */
export async function followMoves(
  outcome: LoadOutcome,
  request: LoadRequest,
  load: (handle: string, request: LoadRequest) => Promise<LoadOutcome>,
): Promise<LoadOutcome> {
  let found = outcome;
  for (let moves = 0; moves < MAX_MOVES && found.status === 'claimed' && found.claimedAtMs === MOVED; moves += 1)
    found = await load(found.successor, request);
  return found;
}
