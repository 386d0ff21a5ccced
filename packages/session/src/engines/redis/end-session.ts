import type { DestroyOptions } from '../../engine-port.ts';
import { isStorableId } from '../storable-id.ts';
import { slotKeys, slotOf } from './keys.ts';
import type { RedisContext } from './redis-context.ts';

export interface EndOptions {
  /**
   * every: in any state. all: the same, but the successor of a claimed session must have ended first. dead: only if it
   * is not live.
   */
  readonly mode: 'every' | 'all' | 'dead';
  /** User of the session, in case its record is gone. */
  readonly userId?: string;
  readonly ofUser?: string | undefined;
  /** Handle of the successor that was ended. */
  readonly successor?: string;
}

export type EndOutcome =
  | { readonly status: 'none' | 'other' }
  | { readonly status: 'claimed'; readonly successor: string; readonly expiresAtMs: number }
  | { readonly status: 'live'; readonly userId: string; readonly expiresAtMs: number }
  | { readonly status: 'ended'; readonly wasLive: boolean };

/** More than any real chain of sign-ins. */
const MAX_SUCCESSORS = 100;

export function createEndSession({ redis, replicated, waitsForReplicas, prefix, indexes, about }: RedisContext) {
  /** On a cluster, an entry that stays in an index is removed when it is next read. */
  const unindex = (userId: string, handle: string): Promise<void> => indexes.remove(userId, [handle]).catch(() => undefined);

  async function endOne(handle: string, { mode, userId = '', ofUser = '', successor = '' }: EndOptions): Promise<EndOutcome> {
    const slot = slotOf(prefix, handle);
    const keys = [...slotKeys(slot, handle), slot.ended(handle)];
    const args = [...about(handle), mode, userId, ofUser, successor, Number(waitsForReplicas)];
    const reply = await (mode === 'dead' ? redis : replicated).endSession(keys, args);
    const [status, subject = '', detail = ''] = reply as string[];
    if (status === 'claimed') return { status, successor: subject, expiresAtMs: Number(detail) };
    if (status === 'live') return { status, userId: subject, expiresAtMs: Number(detail) };
    if (status === 'other') return { status };
    await unindex(subject || userId, handle);
    if (status !== 'ended') return { status: 'none' };
    const wasLive = detail === '1';
    // The end is acknowledged. While the mark exists, ending the session again reports that it was live.
    if (wasLive && waitsForReplicas && mode !== 'dead') await redis.del(slot.ended(handle)).catch(() => undefined);
    return { status: 'ended', wasLive };
  }

  /**
   * Ends a session and the ones that claimed it, starting at the end of the chain, so that after a failure a repetition
   * still finds the rest. A session that is claimed in the meantime is read again.
   */
  async function endChain(handle: string, options: DestroyOptions, depth = 0): Promise<boolean> {
    let [ended, successor] = [false, ''];
    for (let tries = 0; tries < MAX_SUCCESSORS; tries += 1) {
      const outcome = await endOne(handle, { mode: 'all', ofUser: options.ofUser, successor });
      if (outcome.status === 'ended') return outcome.wasLive || ended;
      if (outcome.status !== 'claimed') return ended;
      successor = outcome.successor;
      if (depth < MAX_SUCCESSORS && (await endChain(successor, {}, depth + 1))) ended = true;
    }
    throw new Error(`The session ${handle} has too many successors.`);
  }

  return {
    endOne,
    destroy: async (handle: string, options: DestroyOptions = {}): Promise<boolean> => isStorableId(handle) && endChain(handle, options),
  };
}

export type EndSession = ReturnType<typeof createEndSession>;
