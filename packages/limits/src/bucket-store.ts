import type { Bucket } from './bucket.ts';

/**
 * Storage for buckets. It only compares and sets; the rules are in `bucket.ts`, the same for every storage. Compare-and-set counts
 * concurrent attempts of several processes correctly.
 */
export interface BucketStore {
  read(key: string): Promise<Bucket | undefined>;
  /** Reads several buckets; absent ones are not in the result. */
  readMany(keys: readonly string[]): Promise<ReadonlyMap<string, Bucket>>;
  /** Replaces `before` with `after`; undefined means absent. Returns false if the stored bucket is no longer `before`. */
  swap(key: string, before: Bucket | undefined, after: Bucket | undefined): Promise<boolean>;
  /** Returns how many it removed. */
  removeAll(): Promise<number>;
  /** Removes up to `batch` expired buckets and returns how many. Always 0 if the storage expires them itself. */
  purgeExpired(batch: number): Promise<number>;
}
