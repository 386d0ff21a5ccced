import { randomUUID } from 'node:crypto';
import { StorageUnavailableError } from '../../errors.ts';
import type { DestroyedOne } from '../db/destroy-chain.ts';
import type { Cache } from './cache.ts';

/** Each try means that Redis was emptied between two of our commands. */
const MAX_TRIES = 5;

type Mark = Parameters<Cache['mark']>[1];

export interface EndRequest {
  readonly handle: string;
  /** User of the session. */
  readonly userId: string | null;
}

/**
 * Changes after which an old copy must not be served are done under a mark: the mark replaces the copy, then the row is
 * changed, and the change is acknowledged only if the mark is still there. So no failure leaves a copy that could be
 * served, and the mark of an end allows the end to be repeated.
 */
export function createCopyMarks(cache: Cache, bestEffort: (work: () => Promise<unknown>) => Promise<unknown>) {
  const begin = async (handle: string, { kind, userId }: Omit<Mark, 'token'>): Promise<Mark> => {
    const mark = { kind, userId, token: randomUUID() };
    await cache.mark(handle, mark);
    return mark;
  };

  /**
   * Verifies, after the row was changed, that the mark is still there. If Redis was emptied in the meantime the mark is
   * set again, which invalidates copies stored since.
   */
  async function confirm(handle: string, mark: Mark, isStanding: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      // oxlint-disable-next-line no-await-in-loop -- each try follows from the last
      if (await isStanding()) return;
      // oxlint-disable-next-line no-await-in-loop -- as above
      await cache.mark(handle, mark);
    }
    throw new StorageUnavailableError('Redis loses writes, so a copy of a session may be stale.');
  }

  const confirmEnd = (handle: string, mark: Mark): Promise<void> =>
    confirm(handle, mark, async () => (await cache.inspect(handle)) !== undefined);

  /**
   * An acknowledged end is not repeated. A failure here is ignored, because it would turn the end into an error that
   * cannot be repeated.
   */
  const acknowledge = (handle: string, { token }: Mark): Promise<unknown> => bestEffort(() => cache.release(handle, token, 'ended'));

  return {
    begin,
    confirmEnd,
    acknowledge,

    /** Runs a change that makes old copies invalid: a new secret or a claim. */
    async during<Result>(handle: string, change: () => Promise<Result>): Promise<Result> {
      const mark = await begin(handle, { kind: 'changing', userId: null });
      const result = await change();
      await confirm(handle, mark, () => cache.release(handle, mark.token));
      return result;
    },

    /** Ends one session that has a row. */
    async end({ handle, userId }: EndRequest, deleteRow: () => Promise<DestroyedOne>): Promise<DestroyedOne> {
      const mark = await begin(handle, { kind: 'ending', userId });
      const outcome = await deleteRow();
      await confirmEnd(handle, mark);
      // If this call deleted no row, the mark stays, so that the session's state is checked again.
      if (outcome !== 'none') await acknowledge(handle, mark);
      return outcome;
    },
  };
}

export type CopyMarks = ReturnType<typeof createCopyMarks>;
