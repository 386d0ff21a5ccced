import { randomUUID } from 'node:crypto';
import { StorageUnavailableError } from '../../errors.ts';
import type { DestroyedOne } from '../db/destroy-chain.ts';
import type { Cache } from './cache.ts';

/** Each time Redis was emptied between two commands of ours. */
const MAX_TRIES = 5;

type Mark = Parameters<Cache['mark']>[1];

export interface EndRequest {
  readonly handle: string;
  /** Whose session it is. */
  readonly userId: string | null;
}

/**
 * What makes an old copy a danger is done under a mark: first the mark in place of the copy, then the row, and success only if the mark
 * still stands afterwards. So a failure at any point leaves no copy that is served, and the mark of an end says who may repeat it.
 */
export function createCopyMarks(cache: Cache, bestEffort: (work: () => Promise<unknown>) => Promise<unknown>) {
  const begin = async (handle: string, { kind, userId }: Omit<Mark, 'token'>): Promise<Mark> => {
    const mark = { kind, userId, token: randomUUID() };
    await cache.mark(handle, mark);
    return mark;
  };

  /** After the row: that the mark has stood. Where Redis was emptied meanwhile it is put again, which ends what was copied since. */
  async function confirm(handle: string, mark: Mark, isStanding: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      // oxlint-disable-next-line no-await-in-loop -- each try follows from the last
      if (await isStanding()) return;
      // oxlint-disable-next-line no-await-in-loop -- as above
      await cache.mark(handle, mark);
    }
    throw new StorageUnavailableError('Redis loses what it is told: a copy of a session may be old.');
  }

  const confirmEnd = (handle: string, mark: Mark): Promise<void> =>
    confirm(handle, mark, async () => (await cache.inspect(handle)) !== undefined);

  /** An end that was acknowledged is not repeated. By itself: were this answer lost, the end would be an error that nobody can repeat. */
  const acknowledge = (handle: string, { token }: Mark): Promise<unknown> => bestEffort(() => cache.release(handle, token, 'ended'));

  return {
    begin,
    confirmEnd,
    acknowledge,

    /** A change of one session after which its old copy is refused: another secret, a claim. */
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
      // Without a row that this has deleted the mark stays as it is: what has become of the session is looked at again.
      if (outcome !== 'none') await acknowledge(handle, mark);
      return outcome;
    },
  };
}

export type CopyMarks = ReturnType<typeof createCopyMarks>;
