import { StorageUnavailableError } from '@gatehouse/session';
import { namingOutages } from '@gatehouse/session/engine';
import { giveBack, take, type Bucket, type Budget, type Taken } from './bucket.ts';
import type { BucketStore } from './bucket-store.ts';

/** An attempt as it was counted. */
export interface Counted {
  readonly key: string;
  readonly bucket: Bucket;
}

/** Each lost swap is another attempt that was counted; so many at once, and there is something else wrong. */
const MOST_SWAPS = 100;

type Decide<Result> = (before: Bucket | undefined) => { after: Bucket | undefined; result: Result };

interface Waiting {
  readonly decide: Decide<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Changes buckets by their rules, whoever else changes them meanwhile. Throws StorageUnavailableError. */
export function bucketCounter(store: BucketStore, now: () => number) {
  /** Those of this process that wait for a bucket to be free. */
  const lines = new Map<string, Waiting[]>();

  /** Decides by what is stored, and again if that has changed when it is to be stored. `after: undefined` removes. */
  function change<Result>(key: string, decide: Decide<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const one: Waiting = { decide, resolve: resolve as Waiting['resolve'], reject };
      const line = lines.get(key);
      if (line) return void line.push(one);
      lines.set(key, [one]);
      void serve(key);
    });
  }

  /** Whoever comes while the storage is asked is decided with the next, all at once: twenty attempts are two swaps, not twenty. */
  async function serve(key: string): Promise<void> {
    for (let line = lines.get(key) ?? []; line.length > 0;) {
      const together = line.splice(0);
      try {
        // oxlint-disable-next-line no-await-in-loop -- only processes meet in the storage, not the attempts of one
        const results = await answered(() => decideAll(key, together));
        together.forEach(({ resolve }, at) => resolve(results[at]));
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    lines.delete(key);
  }

  async function decideAll(key: string, together: readonly Waiting[]): Promise<unknown[]> {
    for (let swaps = 0; swaps < MOST_SWAPS; swaps += 1) {
      // oxlint-disable-next-line no-await-in-loop -- again only if someone else was faster
      const before = await store.read(key);
      let after = before;
      const results = together.map(({ decide }) => {
        const decision = decide(after);
        after = decision.after;
        return decision.result;
      });
      // oxlint-disable-next-line no-await-in-loop
      if (after === before || (await store.swap(key, before, after))) return results;
    }
    throw new StorageUnavailableError('The limits of sign-ins changed too often to be changed.');
  }

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

/** An outage of the storage, as one kind of error. */
export const answered = <Result>(work: () => Promise<Result>): Promise<Result> =>
  namingOutages('The storage of sign-in limits failed.', work);
