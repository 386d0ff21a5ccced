export type Callback<Result> = (error: unknown, result?: Result) => void;

/** The outcome of `work` as a callback where one is given, else as a promise. */
export function nodeify<Result>(work: Promise<Result>, callback: Callback<Result> | undefined): Promise<Result> {
  if (!callback) return work;
  // Out of the promise first: what a callback throws is the caller's, not a rejection of ours.
  work.then(
    (result) => queueMicrotask(() => callback(null, result)),
    (error: unknown) => queueMicrotask(() => callback(error)),
  );
  return work.catch(() => undefined as Result);
}
