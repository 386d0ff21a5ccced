/** `ended`: it was live. `removed`: it was not, and its row is gone. `none`: there was no such row, or it has another successor. */
export type DestroyedOne = 'ended' | 'removed' | 'none';

/** What a record says of others, whether it is live or not. */
export interface SessionLink {
  readonly userId: string | null;
  /** The session that has claimed it. */
  readonly successor: string | null;
}

export interface DestroyChainParts {
  /** undefined: there is no record. */
  readonly linkOf: (handle: string) => Promise<SessionLink | undefined>;
  /** Ends one record if it still has this successor. */
  readonly destroyOne: (handle: string, successor: string | null) => Promise<DestroyedOne>;
  /** Ends it only if it is a session of this user. Default: whoever's it is. */
  readonly ofUser?: string | undefined;
}

/** More than any browser has signed in from one session to the next, rounds against faster claims included. */
const MAX_STEPS = 1000;

/**
 * Ends a session and the one that has claimed it, and so on: the last of them first, so that what a crash leaves still leads a repetition
 * to the rest. A record that is claimed between reading and ending it is read again. Says whether one of them was live.
 */
export async function destroyChain(handle: string, { linkOf, destroyOne, ofUser }: DestroyChainParts): Promise<boolean> {
  const [path, seen] = [[handle], new Set([handle])];
  let ended = false;
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const current = path.at(-1);
    if (current === undefined) return ended;
    const link = await linkOf(current);
    if (current === handle && ofUser !== undefined && link?.userId !== ofUser) return ended;
    const next = link?.successor ?? null;
    if (next !== null && !seen.has(next)) {
      path.push(next);
      seen.add(next);
      continue;
    }
    const outcome = await destroyOne(current, next);
    if (outcome === 'ended') ended = true;
    if (!link || outcome !== 'none') path.pop();
  }
  throw new Error(`The session ${handle} has too many successors.`);
}
