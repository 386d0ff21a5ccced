import type { Bucket } from './bucket.ts';

/**
 * Where buckets lie. It compares and sets, and decides nothing: the rules are `bucket.ts`, on every storage the same, and no
 * two attempts, of whichever processes, are counted as one.
 */
export interface BucketStore {
  read(key: string): Promise<Bucket | undefined>;
  /** Puts `after` (undefined: nothing) where `before` lies. false: something else lies there by now. */
  swap(key: string, before: Bucket | undefined, after: Bucket | undefined): Promise<boolean>;
  removeAll(): Promise<number>;
  /** Removes up to `batch` that are forgotten, where the storage does not do so by itself. */
  purgeExpired(batch: number): Promise<number>;
}
