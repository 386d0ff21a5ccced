import { StorageUnavailableError } from '@gatehouse/session';
import { createKeyQueue } from '@gatehouse/session/key-queue';
import { giveBack, take, type Bucket, type Budget, type Taken } from './bucket.ts';
import type { BucketStore } from './bucket-store.ts';

/** An attempt as it was counted. */
export interface Counted {
  readonly key: string;
  readonly bucket: Bucket;
}

/** Each lost swap is another attempt that was counted; so many at once, and there is something else wrong. */
const MOST_SWAPS = 100;

/** Changes buckets by their rules, whoever else changes them meanwhile. Throws StorageUnavailableError. */
export function bucketCounter(store: BucketStore, now: () => number) {
  // Those of one process wait for each other; only processes meet in the storage.
  const queue = createKeyQueue();

  /** Decides by what is stored, and again if that has changed when it is to be stored. `after: undefined` removes. */
  const change = <Result>(
    key: string,
    decide: (before: Bucket | undefined) => { after: Bucket | undefined; result: Result },
  ): Promise<Result> =>
    queue(key, () =>
      answered(async () => {
        for (let swaps = 0; swaps < MOST_SWAPS; swaps += 1) {
          const before = await store.read(key);
          const { after, result } = decide(before);
          if (after === before || (await store.swap(key, before, after))) return result;
        }
        throw new StorageUnavailableError('The limits of sign-ins changed too often to be changed.');
      }),
    );

  return {
    count: (key: string, budget: Budget): Promise<Taken> =>
      change(key, (before) => {
        const taken = take(before, budget, now());
        return { after: taken.ok ? taken.bucket : before, result: taken };
      }),

    async takeBack(counted: readonly Counted[]): Promise<void> {
      await Promise.all(
        counted.map(({ key, bucket }) => change(key, (before) => ({ after: giveBack(before, bucket), result: undefined }))),
      );
    },

    forget: (key: string): Promise<void> => change(key, () => ({ after: undefined, result: undefined })),
  };
}

/** Whatever the storage fails with, as what it means. */
export async function answered<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StorageUnavailableError) throw error;
    throw new StorageUnavailableError('The storage of sign-in limits failed.', { cause: error });
  }
}
