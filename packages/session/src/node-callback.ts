export type Callback<Result> = (error: unknown, result?: Result) => void;

/** Passes the result of `work` to the callback if there is one. Otherwise returns the promise. */
export function nodeify<Result>(work: Promise<Result>, callback: Callback<Result> | undefined): Promise<Result> {
  if (!callback) return work;
  // Not inside the promise: an error thrown by the callback must not become a rejection here.
  work.then(
    (result) => queueMicrotask(() => callback(null, result)),
    (error: unknown) => queueMicrotask(() => callback(error)),
  );
  return work.catch(() => undefined as Result);
}
