import { StorageUnavailableError } from '@gatehouse/session';
import { namingOutages } from '@gatehouse/session/engine';
import { consume, refund, type Bucket, type Budget, type ConsumeOutcome } from './bucket.ts';
import type { BucketStore } from './bucket-store.ts';

/** An attempt that was counted, and the bucket right after. */
export interface CountedAttempt {
  readonly key: string;
  readonly bucket: Bucket;
}

/** A lost swap means that another process counted an attempt. This many in a row mean that something else is wrong. */
const MAX_SWAPS = 100;

type Update<Result> = (before: Bucket | undefined) => { after: Bucket | undefined; result: Result };

interface PendingUpdate {
  readonly update: Update<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Updates buckets atomically, also against other processes. Throws StorageUnavailableError. */
export function bucketCounter(store: BucketStore, now: () => number) {
  /** Updates of this process by bucket. A bucket with an entry is being drained. */
  const queues = new Map<string, PendingUpdate[]>();

  /** Applies an update to the stored bucket. It may run again if the bucket has changed before the swap. `after: undefined` deletes. */
  function change<Result>(key: string, update: Update<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const pending: PendingUpdate = { update, resolve: resolve as PendingUpdate['resolve'], reject };
      const queue = queues.get(key);
      if (queue) return void queue.push(pending);
      queues.set(key, [pending]);
      void drain(key);
    });
  }

  /** Updates that arrive during a swap are applied together in the next one, so twenty concurrent attempts need two swaps. */
  async function drain(key: string): Promise<void> {
    for (let queue = queues.get(key) ?? []; queue.length > 0;) {
      const batch = queue.splice(0);
      try {
        // oxlint-disable-next-line no-await-in-loop -- one swap at a time, so that only other processes can conflict
        const results = await withOutagesNamed(() => applyBatch(key, batch));
        batch.forEach(({ resolve }, at) => resolve(results[at]));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    queues.delete(key);
  }

  async function applyBatch(key: string, batch: readonly PendingUpdate[]): Promise<unknown[]> {
    for (let swaps = 0; swaps < MAX_SWAPS; swaps += 1) {
      // oxlint-disable-next-line no-await-in-loop -- repeats only after a lost swap
      const before = await store.read(key);
      let after = before;
      const results = batch.map(({ update }) => {
        const updated = update(after);
        after = updated.after;
        return updated.result;
      });
      // oxlint-disable-next-line no-await-in-loop
      if (after === before || (await store.swap(key, before, after))) return results;
    }
    throw new StorageUnavailableError('The sign-in limits are changing too often to be updated.');
  }

  return {
    count: (key: string, budget: Budget): Promise<ConsumeOutcome> =>
      change(key, (before) => {
        const outcome = consume(before, budget, now());
        return { after: outcome.ok ? outcome.bucket : before, result: outcome };
      }),

    async refundAll(counted: readonly CountedAttempt[]): Promise<void> {
      await Promise.all(counted.map(({ key, bucket }) => change(key, (before) => ({ after: refund(before, bucket), result: undefined }))));
    },

    reset: (key: string): Promise<void> => change(key, () => ({ after: undefined, result: undefined })),
  };
}

/** Turns an outage of the storage into StorageUnavailableError. */
export const withOutagesNamed = <Result>(work: () => Promise<Result>): Promise<Result> =>
  namingOutages('The storage of sign-in limits failed.', work);
