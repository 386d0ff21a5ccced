/** `ended`: it was live. `removed`: it was not live, and its row is deleted. `none`: there was no row with this successor. */
export type DestroyedOne = 'ended' | 'removed' | 'none';

/** User and successor of a record, whether it is live or not. */
export interface SessionLink {
  readonly userId: string | null;
  /** The session that has claimed it. */
  readonly successor: string | null;
}

export interface DestroyChainParts {
  /** undefined if there is no record. */
  readonly linkOf: (handle: string) => Promise<SessionLink | undefined>;
  /** Ends one record if it still has this successor. */
  readonly destroyOne: (handle: string, successor: string | null) => Promise<DestroyedOne>;
  /** Only ends the session if it belongs to this user. Default: any user. */
  readonly ofUser?: string | undefined;
}

/** More than any real chain of sign-ins, including retries after concurrent claims. */
const MAX_STEPS = 1000;

/**
 * Ends a session, the one that claimed it, and so on. Starts at the end of the chain, so that after a crash a
 * repetition still finds the rest. A record that is claimed in the meantime is read again.
 *
 * @returns whether one of them was live.
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
